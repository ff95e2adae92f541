import type { StagedRelay } from "../../scripts/stage.ts";
import { percentile } from "../fakes/process_figures.ts";
import { fastIdentity } from "../fakes/fast_identity.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";
import { closeAll, gather, inBatches, pause } from "./crowd.ts";
import { urlOf } from "./throughput.ts";

const ROOM = "deliveries";
const TEXT = "x".repeat(100);
/** After so long without another delivery those that lack are missing, on any machine; milliseconds. */
const NONE_MS = 30_000;
/** Number of the first member's identity. */
const FIRST = 300_000;

export interface DeliveriesResult {
  /** Deliveries a second, from the first sending to the last delivery. */
  readonly perSecond: number;
  /** From sending to hearing, in milliseconds. */
  readonly p99: number;
  readonly missing: number;
}

/** A room of that many members, ready to be measured more than once. */
export class DeliveryRoom {
  readonly #peers: readonly RelayPeer[];
  /** Messages of earlier measurements: an id is used once. */
  #earlier = 0;

  private constructor(peers: readonly RelayPeer[]) {
    this.#peers = peers;
  }

  /** @param relays one, or those of a cluster, which the members spread over. */
  static async open(
    relays: readonly Pick<StagedRelay, "url">[],
    members: number,
  ): Promise<DeliveryRoom> {
    const peers = await inBatches(
      members,
      (i) =>
        RelayPeer.login(urlOf(relays, i), {
          identity: fastIdentity(FIRST + i),
        }),
    );
    await gather(peers, ROOM);
    return new DeliveryRoom(peers);
  }

  /** One member sends so many messages at an even rate; all at once where that is Infinity. */
  async measure(
    options: { readonly messages: number; readonly deliveriesASecond: number },
  ): Promise<DeliveriesResult> {
    const [sender, ...readers] = this.#peers as [RelayPeer, ...RelayPeer[]];
    const { messages, deliveriesASecond } = options;
    const frames = Array.from(
      { length: messages },
      (_, i) => sender.message(ROOM, TEXT, `m${this.#earlier + i}`),
    );
    const sentAt: number[] = [];
    const delays: number[] = [];
    for (const reader of readers) {
      reader.onText = (text) => {
        const at = sentAt[indexOf(text) - this.#earlier];
        if (at !== undefined) delays.push(performance.now() - at);
      };
    }
    const wanted = messages * readers.length;
    const every = readers.length / deliveriesASecond * 1000;
    const from = performance.now();
    for (const [i, frame] of frames.entries()) {
      const late = from + i * every - performance.now();
      if (late > 0) await pause(late);
      sentAt.push(performance.now());
      sender.text(frame);
    }
    let [had, end] = [-1, Infinity];
    while (delays.length < wanted && performance.now() < end) {
      if (delays.length > had) end = performance.now() + NONE_MS;
      had = delays.length;
      await pause(10);
    }
    this.#earlier += messages;
    const seconds = (performance.now() - from) / 1000;
    return {
      perSecond: delays.length / seconds,
      p99: percentile(delays, 0.99),
      missing: wanted - delays.length,
    };
  }

  close(): void {
    closeAll(this.#peers);
  }
}

/** The number in `{"type":"message","id":"m12",…`, as which its sender wrote it; NaN for any other frame. */
function indexOf(text: string): number {
  return text.startsWith(HEAD) ? parseInt(text.slice(HEAD.length), 10) : NaN;
}

const HEAD = '{"type":"message","id":"m';
