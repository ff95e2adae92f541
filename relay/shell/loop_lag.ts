import type { Clock, Timer } from "../../lib/clock.ts";

const EVERY_MS = 100;
/** Samples of the last minute. */
const KEPT = 600;

/** How late timers run: what every peer waits for when something blocks the event loop. */
export class LoopLag {
  readonly #clock: Clock;
  readonly #samples: number[] = [];
  #timer: Timer | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  start(): void {
    const due = this.#clock.monotonic() + EVERY_MS;
    this.#timer = this.#clock.after(EVERY_MS, () => {
      this.#samples.push(Math.max(0, this.#clock.monotonic() - due));
      if (this.#samples.length > KEPT) this.#samples.shift();
      this.start();
    });
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** The worst of the last minute, in milliseconds. */
  get most(): number {
    return Math.max(0, ...this.#samples);
  }
}
