/** An IP address as bytes: 4 or 16 of them. */
export type AddressBytes = readonly number[];

/** A block of addresses, as `--trust-proxy` names one. */
export interface Cidr {
  readonly bytes: AddressBytes;
  readonly bits: number;
}

/** How much of an X-Forwarded-For is looked at. */
const HOPS = 16;

/** Reads an IPv4 or IPv6 address; a v4 address mapped into v6 is the v4 one. Null for anything else. */
export function parseAddress(text: string): AddressBytes | null {
  if (text.length > 64) return null;
  const plain = text.replace(/^\[(.*)\]$/, "$1").replace(/%.*$/, "");
  if (!plain.includes(":")) return parseV4(plain);
  const bytes = parseV6(plain);
  return bytes !== null && isMapped(bytes) ? bytes.slice(12) : bytes;
}

/**
 * Reads an entry of X-Forwarded-For: an address, also with a port behind it (`1.2.3.4:80`, `[::1]:443`), as some
 * proxies write it. Null for anything else, such as `unknown`, `for=…` or nothing.
 */
function parseHop(text: string): AddressBytes | null {
  const plain = text.trim();
  const [, withoutPort] = /^(\[[^\]]*\]|[^:]*):\d{1,5}$/.exec(plain) ?? [];
  return parseAddress(withoutPort ?? plain);
}

/** Reads `10.0.0.0/8`, `fd00::/8` or a single address. Null for anything else. */
export function parseCidr(text: string): Cidr | null {
  const [host = "", length, ...rest] = text.split("/");
  const bytes = parseAddress(host);
  if (bytes === null || rest.length > 0) return null;
  const all = bytes.length * 8;
  if (length === undefined) return { bytes, bits: all };
  if (!/^\d{1,3}$/.test(length) || Number(length) > all) return null;
  return { bytes, bits: Number(length) };
}

export function isIn(address: AddressBytes, cidr: Cidr): boolean {
  if (address.length !== cidr.bytes.length) return false;
  for (let bit = 0; bit < cidr.bits; bit += 8) {
    const mask = 0xff & (0xff << Math.max(0, 8 - (cidr.bits - bit)));
    const at = bit >> 3;
    if (((address[at] ?? 0) ^ (cidr.bytes[at] ?? 0)) & mask) return false;
  }
  return true;
}

/** What an address counts as in every limit: itself, or for IPv6 its /64, which one customer holds whole. */
export function addressKey(address: AddressBytes): string {
  if (address.length === 4) return address.join(".");
  const hex = address.slice(0, 8).map((byte) =>
    byte.toString(16).padStart(2, "0")
  );
  return `${hex.join("")}::/64`;
}

/**
 * The key of the client behind a connection. X-Forwarded-For is read from the right, and only as far as those who
 * wrote it are trusted proxies; a stranger's header changes nothing. Clients of whom a trusted proxy says nothing that
 * can be read count as one, "unknown": never as the proxy, in whose place all would be blocked or let in.
 */
export function clientKey(
  remote: string,
  forwarded: string | undefined,
  trusted: readonly Cidr[],
): string {
  const client = clientAddress(remote, forwarded, trusted);
  return client === null ? "unknown" : addressKey(client);
}

/** The same as an address; null where nobody knows it. */
export function clientAddress(
  remote: string,
  forwarded: string | undefined,
  trusted: readonly Cidr[],
): AddressBytes | null {
  let client = parseAddress(remote);
  if (client === null) return null;
  const hops = forwarded?.split(",").slice(-HOPS) ?? [];
  const isTrusted = (address: AddressBytes) =>
    trusted.some((cidr) => isIn(address, cidr));
  while (hops.length > 0 && isTrusted(client)) {
    client = parseHop(hops.pop() ?? "");
    if (client === null) return null;
  }
  return client;
}

function parseV4(text: string): AddressBytes | null {
  const parts = text.split(".");
  if (parts.length !== 4) return null;
  const bytes = parts.map((part) => /^\d{1,3}$/.test(part) ? Number(part) : -1);
  return bytes.every((byte) => byte >= 0 && byte <= 255) ? bytes : null;
}

function parseV6(text: string): AddressBytes | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const head = parseGroups(halves[0] ?? "");
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? "") : [];
  if (head === null || tail === null) return null;
  const missing = 16 - head.length - tail.length;
  const fits = halves.length === 2 ? missing >= 2 : missing === 0;
  return fits ? [...head, ...new Array(missing).fill(0), ...tail] : null;
}

function parseGroups(text: string): number[] | null {
  if (text === "") return [];
  const bytes: number[] = [];
  const groups = text.split(":");
  for (const [i, group] of groups.entries()) {
    const v4 = i === groups.length - 1 && group.includes(".")
      ? parseV4(group)
      : null;
    if (v4 !== null) bytes.push(...v4);
    else if (/^[0-9a-fA-F]{1,4}$/.test(group)) {
      const value = parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
    } else return null;
  }
  return bytes;
}

function isMapped(bytes: AddressBytes): boolean {
  return bytes.slice(0, 10).every((byte) => byte === 0) &&
    bytes[10] === 0xff && bytes[11] === 0xff;
}
