import { setImmediate } from "node:timers";
import type { Incoming, Peer } from "./peer.ts";

/** Frames of one peer before it is the next one's turn. */
const FRAMES_A_TURN = 4;
/** Milliseconds of work before sockets and timers are looked at again. */
const SLICE_MS = 8;

export interface RoundRobinOptions {
  /** Handles one frame. */
  readonly handle: (peer: Peer, frame: Incoming) => void;
  /** Whether the peer's earlier frames leave room for another one. */
  readonly mayGoOn: (peer: Peer) => boolean;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Runs its argument after other IO had a chance. */
  readonly defer?: (action: () => void) => void;
}

/** Handles frames peer by peer, a few of each in turn, so that none can keep the others waiting. */
export class RoundRobin {
  readonly #options: RoundRobinOptions;
  readonly #defer: (action: () => void) => void;
  #round: Peer[] = [];
  #isScheduled = false;

  constructor(options: RoundRobinOptions) {
    this.#options = options;
    this.#defer = options.defer ?? ((action) => void setImmediate(action));
  }

  /** Call when a peer has got a frame, or an earlier one of its frames its outcome. */
  add(peer: Peer): void {
    if (peer.isQueued || !peer.hasInput) return;
    if (!this.#options.mayGoOn(peer)) return;
    peer.isQueued = true;
    this.#round.push(peer);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#defer(() => {
      this.#isScheduled = false;
      this.#run();
    });
  }

  #run(): void {
    const end = this.#options.now() + SLICE_MS;
    while (this.#round.length > 0) {
      const round = this.#round;
      this.#round = [];
      for (const [i, peer] of round.entries()) {
        peer.isQueued = false;
        this.#turn(peer);
        this.add(peer);
        if (this.#options.now() < end) continue;
        this.#round = [...round.slice(i + 1), ...this.#round];
        if (this.#round.length > 0) this.#schedule();
        return;
      }
    }
  }

  #turn(peer: Peer): void {
    for (let i = 0; i < FRAMES_A_TURN; i++) {
      if (!peer.hasInput || !this.#options.mayGoOn(peer)) return;
      const frame = peer.shift();
      if (frame !== undefined) this.#options.handle(peer, frame);
    }
  }
}
