import type { Clock } from "../../lib/clock.ts";

/** How long nothing may work until another server is tried, and then until the next one is; milliseconds. */
const FIRST_MS = 5_000;
const NEXT_MS = 2_000;

/**
 * With a server that answers and brings about nothing. It may be cut off from the others, and another one not: so long
 * as servers elect a leader it looks the same, and goes by sooner than patience does.
 */
export class Patience {
  readonly #clock: Clock;
  readonly #spent: () => void;
  /** When it will be over; monotonic. Null while all works. */
  #until: number | null = null;

  /** @param spent is called each time that it is over. */
  constructor(clock: Clock, spent: () => void) {
    this.#clock = clock;
    this.#spent = spent;
  }

  worked(): void {
    this.#until = null;
  }

  failed(): void {
    const now = this.#clock.monotonic();
    this.#until ??= now + FIRST_MS;
    if (now < this.#until) return;
    this.#until = now + NEXT_MS;
    this.#spent();
  }
}
