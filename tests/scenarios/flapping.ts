import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { StagedRelay } from "../../scripts/stage.ts";
import { MOMENT_MS } from "../../relay/core/rooms/departures.ts";
import { fastIdentity } from "../fakes/fast_identity.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";
import { inBatches, logInMany, pause, soon } from "./crowd.ts";

/** What the members of some rooms felt of one agent that logs in, joins and drops, over and over. */
export interface FlappingResult {
  readonly logins: number;
  readonly refused: number;
  /** Frames about comings and goings that one member got. */
  readonly told: number;
  /** How often the agent was away for longer than a relay waits before it tells: for want of a faster machine. */
  readonly late: number;
  /** The slowest pong to a member, in milliseconds. */
  readonly worstPongMs: number;
  /** The same before, while nothing else went on. */
  readonly calmPongMs: number;
  /** Whether another agent could log in and leave a room while it went on. */
  readonly isOpenToOthers: boolean;
}

export interface FlappingSize {
  readonly rooms: number;
  readonly members: number;
  /** How long it goes on at least, and until so many logins were refused, a minute at most. */
  readonly ms: number;
  readonly refused: number;
  /** From one login to the next. */
  readonly everyMs: number;
}

const CALM_MS = 500;
const MOST_MS = 60_000;

/** One agent that is in every room logs in again and again, and joins all of them each time. */
export async function flapping(
  relay: Pick<StagedRelay, "url">,
  size: FlappingSize,
): Promise<FlappingResult> {
  const salt = randomBytes(3).toString("hex");
  const rooms = Array.from(
    { length: size.rooms },
    (_, i) => `flap-${salt}-${i}`,
  );
  const [watcher] = await logInMany(relay.url, 1, { first: 10_000 });
  if (watcher === undefined) throw new Error("a room needs members");
  for (const room of rooms) await watcher.create(room);
  // Whoever logs in after that is at a relay that knows of them: asking again counts among the joins of a minute.
  const others = await logInMany(relay.url, size.members - 1, {
    first: 10_001,
  });
  const members = [watcher, ...others];
  await inBatches(others.length, async (i) => {
    for (const room of rooms) await others[i]?.join(room);
  });
  // Told of all of them, by its own relay: the rest is told of who flaps.
  for (let told = 0; told < others.length * rooms.length; told++) {
    await watcher.next("room.member_joined");
  }
  const calm = watchPongs(watcher);
  await pause(CALM_MS);
  const { worst: calmPongMs } = await calm.stop();
  const pongs = watchPongs(watcher);
  const storm = await stormOf(relay.url, rooms, size);
  const isOpenToOthers = await canVisit(relay.url, rooms[0] ?? "");
  // What is told at least may be late where relay and machine are busy; what is told too often comes with it.
  const least = leastTold(rooms.length);
  await soon("what is told", async () => {
    await pause(500);
    return pongs.told() >= least || undefined;
  });
  const { told, worst } = await pongs.stop();
  for (const member of members) member.socket.terminate();
  return { ...storm, told, worstPongMs: worst, calmPongMs, isOpenToOthers };
}

/** Told is: once into each room, and the other visitor of one room, in and out; and whenever it was away for too long. */
export function assertTold(result: FlappingResult, rooms: number): void {
  const { told, late } = result;
  const least = leastTold(rooms);
  const most = least + 2 * rooms * late;
  assert.ok(told >= least && told <= most, JSON.stringify(result));
}

function leastTold(rooms: number): number {
  return rooms + 2;
}

async function stormOf(
  url: string,
  rooms: readonly string[],
  { ms, everyMs, refused: least }: FlappingSize,
): Promise<Pick<FlappingResult, "logins" | "refused" | "late">> {
  const identity = fastIdentity(20_000);
  const began = performance.now();
  const lasted = () => performance.now() - began;
  let logins = 0;
  let refused = 0;
  let late = 0;
  let wentAt = Infinity;
  while (lasted() < ms || refused < least && lasted() < MOST_MS) {
    const next = performance.now() + everyMs;
    try {
      const peer = await RelayPeer.login(url, { identity });
      for (const room of rooms) await peer.join(room);
      if (performance.now() - wentAt >= MOMENT_MS * logins) late++;
      wentAt = performance.now();
      peer.socket.terminate();
      logins++;
    } catch {
      refused++;
    }
    await pause(next - performance.now());
  }
  return { logins, refused, late };
}

async function canVisit(url: string, room: string): Promise<boolean> {
  try {
    const peer = await RelayPeer.login(url, {
      identity: fastIdentity(30_000),
    });
    await peer.join(room);
    peer.signed({ type: "room.leave", room });
    await peer.pong();
    peer.close();
    return true;
  } catch {
    return false;
  }
}

/** Counts what a member is told of others, and times its pings. */
function watchPongs(member: RelayPeer) {
  let told = 0;
  let worst = 0;
  let sentAt = performance.now();
  let isStopped = false;
  const ended = Promise.withResolvers<void>();
  const ping = () => {
    sentAt = performance.now();
    member.text('{"type":"ping"}');
  };
  member.onFrame = ({ type }) => {
    if (type.startsWith("room.member_")) told++;
    if (type !== "pong") return;
    worst = Math.max(worst, performance.now() - sentAt);
    if (isStopped) ended.resolve();
    else setTimeout(ping, 20);
  };
  ping();
  return {
    told: () => told,
    async stop() {
      isStopped = true;
      await ended.promise;
      return { told, worst };
    },
  };
}
