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
/** Messages while everybody reads. */
const CALM_MESSAGES = 20;
/** Messages on their way at most, 2 s of them: where other work slows the machine, what waits does not grow without end. */
const MOST_ON_THE_WAY = 40;
/** Longest time that the last messages are waited for, in milliseconds. */
const ARRIVAL_MS = 30_000;

/** What the others of a room noticed of one that stopped reading. */
export interface SlowReaderResult {
  /** From sending to hearing, of the members that read, in milliseconds. */
  readonly p99: number;
  /** The same before, while everybody read. */
  readonly calmP99: number;
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
  const talk = new Talk(sender, readers);
  for (let n = 0; n < CALM_MESSAGES; n++) await talk.say();
  await talk.heard();
  const calmP99 = percentile(talk.delays.splice(0), 0.99);
  const from = performance.now();
  const earlier = talk.sent;
  let cutAfterMs = Infinity;
  let cutAfterMessages = Infinity;
  whenLeft(sender, silent.identity.id, () => {
    cutAfterMs = performance.now() - from;
    cutAfterMessages = talk.sent - earlier;
  });
  const memory = watchMemory(relay.process.pid);
  silent.socket.pause();
  const pings = setInterval(() => silent.text('{"type":"ping"}'), 1_000);
  const least = earlier + leastSeconds * PER_SECOND;
  while (
    talk.sent < least ||
    cutAfterMessages === Infinity && talk.sent < earlier + MOST_MESSAGES
  ) await talk.say();
  await talk.heard();
  clearInterval(pings);
  const peakBytes = memory.stop();
  closeAll(peers);
  return {
    p99: percentile(talk.delays, 0.99),
    missing: talk.missing,
    ...{ calmP99, cutAfterMs, cutAfterMessages, peakBytes },
  };
}

/** What one member says to others, no faster than they hear it, and how long each delivery took. */
class Talk {
  readonly #sender: RelayPeer;
  readonly #readers: readonly RelayPeer[];
  readonly #sentAt = new Map<string, number>();
  #nextAt = 0;
  #heard = 0;
  /** Milliseconds from sending to hearing. */
  readonly delays: number[] = [];

  constructor(sender: RelayPeer, readers: readonly RelayPeer[]) {
    this.#sender = sender;
    this.#readers = readers;
    for (const reader of readers) {
      reader.onFrame = ({ id }) => {
        const at = this.#sentAt.get(String(id));
        if (at === undefined) return;
        this.delays.push(performance.now() - at);
        this.#heard++;
      };
    }
  }

  get sent(): number {
    return this.#sentAt.size;
  }

  /** Deliveries that did not come yet. */
  get missing(): number {
    return this.sent * this.#readers.length - this.#heard;
  }

  /** Says the next message, at its time. @throws Error where too many of those before are not heard */
  async say(): Promise<void> {
    await this.heard(MOST_ON_THE_WAY);
    if (this.missing > MOST_ON_THE_WAY * this.#readers.length) {
      throw new Error(`${this.missing} deliveries stand still`);
    }
    await pause(this.#nextAt - performance.now());
    this.#nextAt = Math.max(this.#nextAt, performance.now()) +
      1_000 / PER_SECOND;
    const id = `m${this.sent}`;
    const frame = this.#sender.message(ROOM, TEXT, id);
    this.#sentAt.set(id, performance.now());
    this.#sender.text(frame);
  }

  /** Waits until all but so many messages were heard by everybody, {@link ARRIVAL_MS} at most. */
  async heard(but = 0): Promise<void> {
    const end = performance.now() + ARRIVAL_MS;
    while (
      this.missing > but * this.#readers.length && performance.now() < end
    ) await pause(20);
  }
}

/** Once the room is told that the agent has left. */
function whenLeft(peer: RelayPeer, agent: string, then: () => void): void {
  peer.onFrame = (frame) => {
    const left = (frame.agent as { id?: string } | undefined)?.id;
    if (frame.type === "room.member_left" && left === agent) then();
  };
}
