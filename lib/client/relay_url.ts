import { Failure } from "../errors.ts";
import { WIRE } from "../protocol/limits.ts";

/** The relay's address, parsed once. */
export interface RelayUrl {
  /** As it is dialled and signed in `hello`: `new URL(x).href`. */
  readonly href: string;
  /** `host:port`, the port always named: what a worker's network is narrowed to. */
  readonly hostPort: string;
  /** An IPv6 address in brackets. */
  readonly hostname: string;
  /** ws:// to another host: what is said there can be read on the way. */
  readonly isOpenOnTheWay: boolean;
}

/**
 * Reads ws:// or wss://, without user, password or fragment. An address without a path gets `/v1/ws`.
 *
 * @throws {Failure} RELAY_URL_INVALID; a text with an @ is not repeated, for a password may stand before it.
 */
export function parseRelayUrl(text: string): RelayUrl {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !isRelay(url)) {
    const shown = text.includes("@") ? "…@…" : text;
    throw new Failure("RELAY_URL_INVALID", { fields: { url: shown } });
  }
  if (url.pathname === "/") url.pathname = WIRE.path;
  const isTls = url.protocol === "wss:";
  const port = url.port || (isTls ? "443" : "80");
  return {
    href: url.href,
    hostname: url.hostname,
    hostPort: `${url.hostname}:${port}`,
    isOpenOnTheWay: !isTls && !isLoopback(url.hostname),
  };
}

function isRelay(url: URL): boolean {
  return (url.protocol === "ws:" || url.protocol === "wss:") &&
    url.hostname !== "" && url.username === "" && url.password === "" &&
    !url.href.includes("#") && url.href.length <= WIRE.relayUrl;
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" ||
    /^127(\.\d{1,3}){3}$/.test(hostname);
}
