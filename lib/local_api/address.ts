/** Where the local API listens: loopback and nothing else. */
export interface ApiAddress {
  /** As it is bound and dialled: an IPv4 address of 127.0.0.0/8, or `::1`. */
  readonly hostname: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

/** Where it listens when nothing is said. */
export const DEFAULT_API = "127.0.0.1:9900";

/**
 * Reads `host:port`, where the host is of 127.0.0.0/8, `[::1]`, or `localhost` (which is taken for 127.0.0.1, so
 * that no name server has a say in it).
 *
 * @returns the address, or null for anything that is not loopback with a port from 0 to 65535.
 */
export function parseApiAddress(text: string): ApiAddress | null {
  const match = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\]):(\d{1,5})$/.exec(
    text,
  );
  if (match === null) return null;
  const [, host, digits] = match as unknown as [string, string, string];
  const port = Number(digits);
  if (port > 65535 || !host.split(".").every((part) => !(Number(part) > 255))) {
    return null;
  }
  return { hostname: hostnameOf(host), port };
}

function hostnameOf(host: string): string {
  if (host === "localhost") return "127.0.0.1";
  return host === "[::1]" ? "::1" : host;
}

/** The address as text, in the form that {@link parseApiAddress} reads. */
export function apiAddressText({ hostname, port }: ApiAddress): string {
  return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}
