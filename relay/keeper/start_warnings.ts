import { isIn, parseAddress, parseCidr } from "../shell/address.ts";
import type { RelayOptions } from "./relay_settings.ts";

/** Something that an operator should know at start: what is so, and what mends it. */
export interface StartWarning {
  readonly event: string;
  readonly fix: string;
}

/** What is unwise about the settings; nothing for a relay that this host alone reaches. */
export function startWarnings(
  { hostname, trusted, publicUrl }: Pick<
    RelayOptions,
    "hostname" | "trusted" | "publicUrl"
  >,
): StartWarning[] {
  const isPublic = !isLoopback(hostname) || trusted.length > 0;
  if (!isPublic || publicUrl !== undefined) return [];
  return [{
    event: "logins that were meant for another relay are taken",
    fix:
      "name the address that agents dial: --public-url wss://relay.example.org/v1/ws",
  }];
}

function isLoopback(hostname: string): boolean {
  const address = parseAddress(hostname);
  return address !== null && LOOPBACK.some((block) => isIn(address, block));
}

const LOOPBACK = ["127.0.0.0/8", "::1"].flatMap((block) =>
  parseCidr(block) ?? []
);
