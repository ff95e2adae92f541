/** What this thread may do, as `Deno.permissions` tells and changes it. */
export type OwnPermissions = Pick<
  Deno.Permissions,
  "query" | "request" | "revoke"
>;

/** Loopback, as it is granted whole at the start (scripts/rights.sh; a file compiled for agents' hosts). */
export const LOOPBACK: readonly string[] = [
  "127.0.0.0/8",
  "127.0.0.1",
  "localhost",
  "[::1]",
];

/** Whether the whole network is granted, rather than a list of hosts. */
export async function hasWholeNet(own: OwnPermissions): Promise<boolean> {
  return (await own.query({ name: "net" })).state === "granted";
}

/** Whether an address, "host:port", is granted. */
export async function mayReach(
  own: Pick<OwnPermissions, "query">,
  host: string,
): Promise<boolean> {
  return (await own.query({ name: "net", host })).state === "granted";
}

/**
 * Keeps these paths of what was granted by `--allow-read=/` or `--allow-write=/`. A grant without a list, as on
 * Windows, can't be narrowed, only given away: it stays.
 *
 * @param paths absolute.
 */
export async function keepPaths(
  own: OwnPermissions,
  name: "read" | "write",
  paths: readonly string[],
): Promise<void> {
  // A path within the list is granted without a question; then the list goes on without its root.
  for (const path of paths) await own.request({ name, path });
  await own.revoke({ name, path: "/" });
}

/**
 * Keeps these addresses of a granted list, and none of its entries that hold more than one of them: a host with all
 * its ports.
 *
 * @param addresses "host:port" each.
 * @param whole hosts, or ranges of them, as they were granted, that stay with all their ports.
 */
export async function keepAddresses(
  own: OwnPermissions,
  addresses: readonly string[],
  whole: readonly string[] = [],
): Promise<void> {
  for (const host of addresses) await own.request({ name: "net", host });
  const hosts = addresses.map((address) => address.replace(/:\d+$/, ""));
  for (const host of new Set([...LOOPBACK, ...hosts])) {
    if (!whole.includes(host)) await own.revoke({ name: "net", host });
  }
}

/** Gives a right away whole. */
export async function giveUp(
  own: OwnPermissions,
  ...names: readonly ("net" | "env" | "sys")[]
): Promise<void> {
  for (const name of names) await own.revoke({ name });
}
