import type { IncomingMessage } from "node:http";
import type { Logger } from "../../lib/log.ts";
import {
  addressKey,
  type Cidr,
  clientAddress,
  clientKey,
  isIn,
  parseAddress,
} from "./address.ts";

export interface ClientWayOptions {
  /** Proxies whose X-Forwarded-For is believed. */
  readonly trusted: readonly Cidr[];
  /** Who may read /metrics. */
  readonly metrics: readonly Cidr[];
  readonly log: Logger;
}

type Request = Pick<IncomingMessage, "headers" | "socket">;
type Address = ReturnType<typeof parseAddress>;

/** Who stands behind a request, by the way that it came. */
export class ClientWay {
  readonly #options: ClientWayOptions;
  #hasWarned = false;

  constructor(options: ClientWayOptions) {
    this.#options = options;
  }

  /** What the client counts as in limits. */
  keyOf(request: Request): string {
    const client = this.#clientOf(request);
    return client === null ? "unknown" : addressKey(client);
  }

  /** What a socket's own address counts as in limits; null for a trusted proxy, which speaks for many. */
  socketKey(remote: string): string | null {
    return this.#isTrusted(remote) ? null : clientKey(remote, undefined, []);
  }

  /** Whether it may read /metrics; what came through a proxy that nobody trusts may be from anywhere, and may not. */
  mayMeasure(request: Request): boolean {
    const isPassedOn = forwardedFor(request) !== undefined;
    if (isPassedOn && !this.#isTrusted(remoteOf(request))) return false;
    return isWithin(this.#clientOf(request), this.#options.metrics);
  }

  /** Null where nobody knows it: then a trusted proxy said nothing that can be read, which is told once. */
  #clientOf(request: Request): Address {
    const remote = remoteOf(request);
    const forwarded = forwardedFor(request);
    const client = clientAddress(remote, forwarded, this.#options.trusted);
    if (client === null && forwarded !== undefined) {
      this.#warn(remote, forwarded);
    }
    return client;
  }

  #isTrusted(remote: string): boolean {
    return isWithin(parseAddress(remote), this.#options.trusted);
  }

  #warn(remote: string, forwarded: string): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#options.log.warn("a trusted proxy names no client", {
      proxy: remote,
      x_forwarded_for: forwarded.slice(-128),
      fix:
        "let it set X-Forwarded-For to the client's address; until then all such clients count as one",
    });
  }
}

function isWithin(address: Address, blocks: readonly Cidr[]): boolean {
  return address !== null && blocks.some((cidr) => isIn(address, cidr));
}

function remoteOf({ socket }: Request): string {
  return socket.remoteAddress ?? "";
}

/** Undefined where nobody passed the request on. A proxy that says so in another header (RFC 7239) says nothing here. */
function forwardedFor({ headers }: Request): string | undefined {
  const forwarded = headers["x-forwarded-for"];
  if (Array.isArray(forwarded)) return forwarded.join(",");
  return forwarded ?? (headers.forwarded === undefined ? undefined : "");
}
