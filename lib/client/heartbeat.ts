import type { Clock, Timer } from "../clock.ts";
import { TIMES } from "../protocol/limits.ts";

export interface HeartbeatOptions {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly beat: () => void;
}

/**
 * Beats about every 25 s: up to a fifth earlier, by chance, so that the clients of one relay don't ping it in step.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #timer: Timer | undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#schedule();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #schedule(): void {
    const { clock, random, beat } = this.#options;
    const ms = TIMES.ping * (1 - random() / 5);
    this.#timer = clock.after(ms, () => {
      this.#schedule();
      beat();
    });
  }
}
