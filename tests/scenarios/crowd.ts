import type { StagedAgent } from "../../scripts/stage.ts";
import { fastIdentity } from "../fakes/fast_identity.ts";
import {
  type Heard,
  type PeerOptions,
  RelayPeer,
} from "../fakes/relay_peer.ts";

/** A relay without age gates and counts: what most scenarios measure. */
export const OPEN_RELAY: readonly string[] = [
  "--join-age",
  "0",
  "--create-age",
  "0",
  "--limits",
  "off",
];

/** Logins under way at one time. */
const AT_ONCE = 24;

/** Logs `count` agents in, numbered from `first`. */
export async function logInMany(
  url: string,
  count: number,
  options: { readonly first?: number } & Omit<PeerOptions, "identity"> = {},
): Promise<RelayPeer[]> {
  const { first = 0, ...rest } = options;
  return await inBatches(
    count,
    (i) => RelayPeer.login(url, { ...rest, identity: fastIdentity(first + i) }),
  );
}

/** Does something `count` times, a few at once; the results in order. */
export async function inBatches<Result>(
  count: number,
  action: (index: number) => Promise<Result>,
  atOnce: number = AT_ONCE,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const lane = async () => {
    for (let i = next++; i < count; i = next++) results[i] = await action(i);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, lane));
  return results;
}

/** A room of these peers; the first creates it. */
export async function gather(
  peers: readonly RelayPeer[],
  room: string,
): Promise<void> {
  const [founder, ...others] = peers;
  await founder?.create(room);
  await inBatches(others.length, async (i) => {
    const other = others[i];
    if (other !== undefined) await joinSoon(other, room);
  });
}

/** How long something is waited for that another relay of a cluster knows a moment later; milliseconds. */
const SOON_MS = 60_000;
/** Between two questions, at first and at most: a relay with limits counts them; milliseconds. */
const ASK_AGAIN_MS = { first: 20, most: 5_000 } as const;

/** Asks again and again until there is an answer. @throws Error that says what did not come */
export async function soon<T>(
  what: string,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const end = performance.now() + SOON_MS;
  const { first, most } = ASK_AGAIN_MS;
  for (let wait: number = first;; wait = Math.min(2 * wait, most)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > end) throw new Error(`${what} did not come`);
    await pause(wait);
  }
}

/** Joins a room that was just made, which another relay of a cluster may not know yet. */
export function joinSoon(peer: RelayPeer, room: string): Promise<Heard> {
  return soon(`room ${room}`, async () => {
    try {
      return await peer.join(room);
    } catch (error) {
      if (!`${error}`.includes("ROOM_NOT_FOUND")) throw error;
      return undefined;
    }
  });
}

/** The same by an agent's daemon. */
export function daemonJoinsSoon(
  agent: StagedAgent,
  room: string,
): Promise<true> {
  return soon(`room ${room}`, async () => {
    const { code, stdout, stderr } = await agent.run(["join", room, "--json"]);
    if (code === 0) return true;
    if (!stdout.includes("ROOM_NOT_FOUND")) throw new Error(stdout + stderr);
    return undefined;
  });
}

/** Looks again and again until it holds. @throws what it threw last */
export async function holdsSoon(look: () => Promise<void>): Promise<void> {
  const end = performance.now() + SOON_MS;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (performance.now() > end) throw error;
    }
    await pause(100);
  }
}

export function closeAll(peers: readonly RelayPeer[]): void {
  for (const peer of peers) peer.socket.terminate();
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
