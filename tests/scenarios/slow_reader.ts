import { Stage } from "../../scripts/stage.ts";
import { percentile, watchMemory } from "../fakes/process_figures.ts";
import type { RelayPeer } from "../fakes/relay_peer.ts";
import { closeAll, gather, logInMany, OPEN_RELAY, pause } from "./crowd.ts";

const ROOM = "slow-reader";
const MEMBERS = 50;
const PER_SECOND = 20;
const TEXT = "x".repeat(40_000);

/** What the others of a room noticed of one that stopped reading. */
export interface SlowReaderResult {
  /** From sending to hearing, of the members that read, in milliseconds. */
  readonly p99: number;
  /** Deliveries that never came. */
  readonly missing: number;
  /** From when it stopped reading to its end at the relay, in milliseconds. */
  readonly cutAfterMs: number;
  /** Resident memory at its peak over the start, in bytes. */
  readonly peakBytes: number;
}

/** One member of a room stops reading but keeps pinging, under 20 messages of 40 KB a second. */
export async function slowReader(seconds: number): Promise<SlowReaderResult> {
  await using stage = await Stage.open();
  const relay = await stage.startRelay(OPEN_RELAY);
  const peers = await logInMany(relay.url, MEMBERS);
  await gather(peers, ROOM);
  const [sender, silent, ...readers] = peers as [
    RelayPeer,
    RelayPeer,
    ...RelayPeer[],
  ];
  const sentAt = new Map<string, number>();
  const delays: number[] = [];
  for (const reader of readers) {
    reader.onFrame = (frame) => {
      const at = sentAt.get(String(frame.id));
      if (at !== undefined) delays.push(performance.now() - at);
    };
  }
  const cut = watchLeaving(sender, silent.identity.id);
  const memory = watchMemory(relay.process.pid);
  silent.socket.pause();
  const pings = setInterval(() => silent.text('{"type":"ping"}'), 1_000);
  const from = performance.now();
  for (let i = 0; i < seconds * PER_SECOND; i++) {
    await pause(from + i * 1000 / PER_SECOND - performance.now());
    const id = `m${i}`;
    const frame = sender.message(ROOM, TEXT, id);
    sentAt.set(id, performance.now());
    sender.text(frame);
  }
  const cutAfterMs = (await cut) - from;
  await pause(500);
  clearInterval(pings);
  const peakBytes = memory.stop();
  closeAll(peers);
  return {
    p99: percentile(delays, 0.99),
    missing: seconds * PER_SECOND * readers.length - delays.length,
    cutAfterMs,
    peakBytes,
  };
}

/** When the room is told that the agent has left; Infinity when it is not within 12 s. */
function watchLeaving(peer: RelayPeer, agent: string): Promise<number> {
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(Infinity), 12_000);
    peer.onFrame = (frame) => {
      const left = (frame.agent as { id?: string } | undefined)?.id;
      if (frame.type !== "room.member_left" || left !== agent) return;
      clearTimeout(late);
      resolve(performance.now());
    };
  });
}
