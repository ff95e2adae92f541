import type { Clock, Timer } from "../../lib/clock.ts";

export interface SoonestTimerOptions {
  readonly clock: Clock;
  /** Aborted when the session is closed: from then on nothing runs. */
  readonly closed: AbortSignal;
  /** Runs when the soonest of what was asked for is due. */
  readonly due: () => void;
}

/** A timer for work that looks after all that is due at once: of several times asked for, the soonest counts. */
export class SoonestTimer {
  readonly #options: SoonestTimerOptions;
  #timer: Timer | undefined;
  /** Monotonic time of it. */
  #dueAt = Infinity;

  constructor(options: SoonestTimerOptions) {
    this.#options = options;
    options.closed.addEventListener("abort", () => this.#timer?.cancel());
  }

  /** Due in so many milliseconds at the latest. */
  within(ms: number): void {
    const { clock, closed, due } = this.#options;
    const dueAt = clock.monotonic() + ms;
    if (closed.aborted || dueAt >= this.#dueAt) return;
    this.#timer?.cancel();
    this.#dueAt = dueAt;
    this.#timer = clock.after(ms, () => {
      this.#dueAt = Infinity;
      due();
    });
  }
}
