import type { Clock, Timer } from "../clock.ts";

/** How long a pong may take before the line counts as silent, in milliseconds. */
const PONG_LIMIT_MS = 15_000;

interface Unanswered {
  readonly sentAt: number;
  readonly onPong: ((rttMs: number) => void) | undefined;
}

export interface PingsOptions {
  readonly clock: Clock;
  readonly send: () => boolean;
  /** Called once, when a pong is missing for too long. */
  readonly silent: () => void;
}

/**
 * The pings of one connection and their pongs, which come in the order of the pings: a pong also says that every
 * earlier frame has its outcome (protocol.md section 4).
 */
export class Pings {
  readonly #options: PingsOptions;
  readonly #unanswered: Unanswered[] = [];
  #sent = 0;
  #deadline: Timer | undefined;
  /** Monotonic time of the last pong, in milliseconds; the start counts as one. */
  lastPongAt: number;

  constructor(options: PingsOptions) {
    this.#options = options;
    this.lastPongAt = options.clock.monotonic();
  }

  /** How many went out so far: a mark on the line to compare with {@link answered}. */
  get sent(): number {
    return this.#sent;
  }

  get answered(): number {
    return this.#sent - this.#unanswered.length;
  }

  /** Sends a ping; false when the line is gone. */
  send(onPong?: (rttMs: number) => void): boolean {
    const sentAt = this.#options.clock.monotonic();
    this.#unanswered.push({ sentAt, onPong });
    this.#sent++;
    if (this.#deadline === undefined) this.#watch();
    return this.#options.send();
  }

  /** Takes a pong; its round trip in milliseconds, or undefined when no ping waits for one. */
  pong(): number | undefined {
    const ping = this.#unanswered.shift();
    if (ping === undefined) return undefined;
    const now = this.#options.clock.monotonic();
    this.lastPongAt = now;
    this.#watch();
    ping.onPong?.(now - ping.sentAt);
    return now - ping.sentAt;
  }

  stop(): void {
    this.#deadline?.cancel();
    this.#deadline = undefined;
    this.#unanswered.length = 0;
  }

  #watch(): void {
    this.#deadline?.cancel();
    this.#deadline = undefined;
    const oldest = this.#unanswered[0];
    if (oldest === undefined) return;
    const { clock, silent } = this.#options;
    const left = oldest.sentAt + PONG_LIMIT_MS - clock.monotonic();
    this.#deadline = clock.after(left, silent);
  }
}
