import type { ApiAddress } from "../../lib/local_api/address.ts";

/** So many ports from the first one on are looked at; past them the system chooses. */
const MOST = 100;

/** Whether nobody listens at an address now. */
export type IsFree = (address: ApiAddress) => boolean;

/**
 * The address with the first port from its own on that is free. Another program may take it before the worker does:
 * then the start fails as for a port that was chosen.
 */
export function nextFree(
  { hostname, port }: ApiAddress,
  isFree: IsFree = isFreeHere,
): ApiAddress {
  for (let next = port; next < port + MOST && next <= 65_535; next++) {
    if (isFree({ hostname, port: next })) return { hostname, port: next };
  }
  return { hostname, port: 0 };
}

/** What keeps it from listening for another reason is said when the worker listens. */
function isFreeHere(address: ApiAddress): boolean {
  try {
    Deno.listen({ ...address, transport: "tcp" }).close();
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.AddrInUse);
  }
}
