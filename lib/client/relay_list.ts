import { Failure } from "../errors.ts";
import { parseRelayUrl, type RelayUrl } from "./relay_url.ts";

/** The addresses of a relay: one, or those of several relays that are one. */
export interface RelayList {
  /** All of them as they are dialled, parted by commas: how they are shown and remembered. */
  readonly href: string;
  /** At least one. The first stands in invitations. */
  readonly all: readonly [RelayUrl, ...RelayUrl[]];
}

/** Most addresses: each of them is granted to the daemon. */
export const MOST_RELAYS = 16;

/** Of a text that is none, in UTF-16 units. */
const MOST_SHOWN = 200;
/** A comma that another address follows; any other may stand in a path. */
const BETWEEN = /\s*,\s*(?=wss?:)/i;

/**
 * Reads addresses of relays, parted by commas; one that stands there twice counts once.
 *
 * @throws {Failure} RELAY_URL_INVALID, with the one that is wrong.
 */
export function parseRelayList(text: string): RelayList {
  const [first, ...others] = text.trim().split(BETWEEN)
    .map((one) => parseRelayUrl(one));
  if (first === undefined) return refuse(text);
  const all = [first, ...others].filter(({ href }, i, list) =>
    list.findIndex((one) => one.href === href) === i
  );
  if (all.length > MOST_RELAYS) return refuse(text);
  // No host is called so: another address was meant that does not begin with ws:// or wss://.
  if (all.some(({ hostname }) => hostname.includes(","))) return refuse(text);
  return {
    href: all.map(({ href }) => href).join(","),
    all: [first, ...all.slice(1)],
  };
}

/** Whether an address is one of a relay's. */
export function isOneOf(list: RelayList, href: string): boolean {
  return list.all.some((one) => one.href === href);
}

/** The addresses as they are dialled. */
export function hrefs({ all: [first, ...others] }: RelayList): [
  string,
  ...string[],
] {
  return [first.href, ...others.map(({ href }) => href)];
}

function refuse(text: string): never {
  const shown = text.length > MOST_SHOWN
    ? `${text.slice(0, MOST_SHOWN)}…`
    : text;
  const url = text.includes("@") ? "…@…" : shown;
  throw new Failure("RELAY_URL_INVALID", { fields: { url } });
}
