import type { Clock } from "../../lib/clock.ts";

export interface Rate {
  /** How much at once after a rest. */
  readonly burst: number;
  /** How much a second in the long run. */
  readonly perSecond: number;
}

/** A token bucket. */
export class RateLimit {
  readonly #rate: Rate;
  readonly #clock: Pick<Clock, "monotonic">;
  #left: number;
  #at: number;

  constructor(rate: Rate, clock: Pick<Clock, "monotonic">) {
    this.#rate = rate;
    this.#clock = clock;
    this.#left = rate.burst;
    this.#at = clock.monotonic();
  }

  /** Whether so much more is within the rate; then it is counted. */
  take(amount = 1): boolean {
    const { burst, perSecond } = this.#rate;
    const now = this.#clock.monotonic();
    const gained = (now - this.#at) / 1000 * perSecond;
    this.#left = Math.min(burst, this.#left + gained);
    this.#at = now;
    if (this.#left < amount) return false;
    this.#left -= amount;
    return true;
  }
}
