import { randomBytes } from "node:crypto";
import type { StagedRelay } from "../../scripts/stage.ts";
import { fastIdentity } from "../fakes/fast_identity.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";
import { inBatches, logInMany, pause } from "./crowd.ts";

/** What the members of some rooms felt of one agent that logs in, joins and drops, over and over. */
export interface FlappingResult {
  readonly logins: number;
  readonly refused: number;
  /** Frames about comings and goings that one member got. */
  readonly told: number;
  /** The slowest pong to a member, in milliseconds. */
  readonly worstPongMs: number;
  /** Whether another agent could log in and leave a room while it went on. */
  readonly isOpenToOthers: boolean;
}

export interface FlappingSize {
  readonly rooms: number;
  readonly members: number;
  readonly ms: number;
  /** From one login to the next. */
  readonly everyMs: number;
}

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
  const members = await logInMany(relay.url, size.members, { first: 10_000 });
  const [watcher] = members;
  if (watcher === undefined) throw new Error("a room needs members");
  for (const room of rooms) await watcher.create(room);
  await inBatches(members.length, async (i) => {
    for (const room of rooms) await members[i]?.join(room);
  });
  await watcher.pong();
  watcher.heard.length = 0;
  const pongs = watchPongs(watcher);
  const storm = await stormOf(relay.url, rooms, size);
  const isOpenToOthers = await canVisit(relay.url, rooms[0] ?? "");
  await pause(500);
  const { told, worst } = await pongs.stop();
  for (const member of members) member.socket.terminate();
  return { ...storm, told, worstPongMs: worst, isOpenToOthers };
}

async function stormOf(
  url: string,
  rooms: readonly string[],
  { ms, everyMs }: FlappingSize,
): Promise<{ logins: number; refused: number }> {
  const identity = fastIdentity(20_000);
  const end = performance.now() + ms;
  let logins = 0;
  let refused = 0;
  while (performance.now() < end) {
    const next = performance.now() + everyMs;
    try {
      const peer = await RelayPeer.login(url, { identity });
      for (const room of rooms) await peer.join(room);
      peer.socket.terminate();
      logins++;
    } catch {
      refused++;
    }
    await pause(next - performance.now());
  }
  return { logins, refused };
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
    async stop() {
      isStopped = true;
      await ended.promise;
      return { told, worst };
    },
  };
}
