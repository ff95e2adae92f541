import { Stage } from "../../scripts/stage.ts";
import { percentile, watchMemory } from "../fakes/process_figures.ts";
import type { RelayPeer } from "../fakes/relay_peer.ts";
import { closeAll, gather, logInMany, OPEN_RELAY, pause } from "./crowd.ts";

const ROOM = "slow-reader";
const MEMBERS = 50;
const PER_SECOND = 20;
const TEXT = "x".repeat(40_000);
/** Past these it counts as never cut. */
const MOST_MESSAGES = 1_000;
/** Longest time that the last messages are waited for, in milliseconds. */
const ARRIVAL_MS = 30_000;

/** What the others of a room noticed of one that stopped reading. */
export interface SlowReaderResult {
  /** From sending to hearing, of the members that read, in milliseconds. */
  readonly p99: number;
  /** Deliveries that never came. */
  readonly missing: number;
  /** From when it stopped reading to its end at the relay, in milliseconds. */
  readonly cutAfterMs: number;
  /** How many of the messages had been sent by then, which no other work on the machine changes; Infinity when it was not. */
  readonly cutAfterMessages: number;
  /** Resident memory at its peak over the start, in bytes. */
  readonly peakBytes: number;
}

/** One member of a room stops reading but keeps pinging, under 20 messages of 40 KB a second, for so long and until it is cut. */
export async function slowReader(
  leastSeconds: number,
): Promise<SlowReaderResult> {
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
  const from = performance.now();
  let sent = 0;
  let cutAfterMs = Infinity;
  let cutAfterMessages = Infinity;
  whenLeft(sender, silent.identity.id, () => {
    cutAfterMs = performance.now() - from;
    cutAfterMessages = sent;
  });
  const memory = watchMemory(relay.process.pid);
  silent.socket.pause();
  const pings = setInterval(() => silent.text('{"type":"ping"}'), 1_000);
  while (
    sent < leastSeconds * PER_SECOND ||
    cutAfterMessages === Infinity && sent < MOST_MESSAGES
  ) {
    await pause(from + sent * 1000 / PER_SECOND - performance.now());
    const id = `m${sent++}`;
    const frame = sender.message(ROOM, TEXT, id);
    sentAt.set(id, performance.now());
    sender.text(frame);
  }
  await arrived(delays, sent * readers.length);
  clearInterval(pings);
  const peakBytes = memory.stop();
  closeAll(peers);
  return {
    p99: percentile(delays, 0.99),
    missing: sent * readers.length - delays.length,
    ...{ cutAfterMs, cutAfterMessages, peakBytes },
  };
}

/** Once the room is told that the agent has left. */
function whenLeft(peer: RelayPeer, agent: string, then: () => void): void {
  peer.onFrame = (frame) => {
    const left = (frame.agent as { id?: string } | undefined)?.id;
    if (frame.type === "room.member_left" && left === agent) then();
  };
}

/** Waits for so many deliveries, {@link ARRIVAL_MS} at most. */
async function arrived(
  delays: readonly number[],
  count: number,
): Promise<void> {
  const end = performance.now() + ARRIVAL_MS;
  while (delays.length < count && performance.now() < end) await pause(20);
}
