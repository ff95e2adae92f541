import type { Clock, Timer } from "../../lib/clock.ts";

export interface SoonestTimerOptions {
  readonly clock: Clock;
  /** Aborted when the session is closed: from then on nothing runs. */
  readonly closed: AbortSignal;
  /** Runs when the soonest of what was asked for is due, and never beside itself until what it returns is settled. */
  readonly due: () => void | Promise<void>;
}

/** A timer for work that looks after all that is due at once: of several times asked for, the soonest counts. */
export class SoonestTimer {
  readonly #options: SoonestTimerOptions;
  #timer: Timer | undefined;
  /** Monotonic time of it. */
  #dueAt = Infinity;
  #isRunning = false;
  /** It was due again while it ran. */
  #again = false;

  constructor(options: SoonestTimerOptions) {
    this.#options = options;
    options.closed.addEventListener("abort", () => this.#timer?.cancel());
  }

  /** Due in so many milliseconds at the latest. */
  within(ms: number): void {
    const { clock, closed } = this.#options;
    const dueAt = clock.monotonic() + ms;
    if (closed.aborted || dueAt >= this.#dueAt) return;
    this.#timer?.cancel();
    this.#dueAt = dueAt;
    this.#timer = clock.after(ms, () => {
      this.#dueAt = Infinity;
      if (this.#isRunning) this.#again = true;
      else void this.#run();
    });
  }

  async #run(): Promise<void> {
    const { closed, due } = this.#options;
    this.#isRunning = true;
    try {
      do {
        this.#again = false;
        await due();
      } while (this.#again && !closed.aborted);
    } finally {
      this.#isRunning = false;
    }
  }
}
