import type { IncomingMessage } from "node:http";
import {
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
}

type Request = Pick<IncomingMessage, "headers" | "socket">;

/** Who stands behind a request, by the way that it came. */
export class ClientWay {
  readonly #options: ClientWayOptions;

  constructor(options: ClientWayOptions) {
    this.#options = options;
  }

  /** What the client counts as in limits. */
  keyOf(request: Request): string {
    const remote = request.socket.remoteAddress ?? "";
    return clientKey(remote, forwardedFor(request), this.#options.trusted);
  }

  /** What a socket's own address counts as in limits; null for a trusted proxy, which speaks for many. */
  socketKey(remote: string): string | null {
    const isProxy = isWithin(parseAddress(remote), this.#options.trusted);
    return isProxy ? null : clientKey(remote, undefined, []);
  }

  /** Whether it may read /metrics; what came through a proxy that nobody trusts may be from anywhere, and may not. */
  mayMeasure(request: Request): boolean {
    const { trusted, metrics } = this.#options;
    const remote = request.socket.remoteAddress ?? "";
    const forwarded = forwardedFor(request);
    const isPassedOn = forwarded !== undefined ||
      request.headers.forwarded !== undefined;
    if (isPassedOn && !isWithin(parseAddress(remote), trusted)) return false;
    return isWithin(clientAddress(remote, forwarded, trusted), metrics);
  }
}

function isWithin(
  address: ReturnType<typeof parseAddress>,
  blocks: readonly Cidr[],
): boolean {
  return address !== null && blocks.some((cidr) => isIn(address, cidr));
}

function forwardedFor({ headers }: Request): string | undefined {
  const forwarded = headers["x-forwarded-for"];
  return Array.isArray(forwarded) ? forwarded.join(",") : forwarded;
}
