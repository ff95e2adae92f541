/** A jump of the wall clock from which it is not believed, in milliseconds: what keeps it right moves it by less. */
const JUMP_MS = 1_000;

/**
 * The wall clock, as far as what is removed for good may go by it. One that jumps is not believed at once: time goes
 * on as it did until the new time has lasted, so that a clock which is wrong for a while removes nothing.
 */
export class SteadyTime {
  readonly #lastingMs: number;
  /** Wall clock less monotonic clock, as believed and as last seen; null before anything is believed. */
  #believed: number | null = null;
  #seen: number | null = null;
  #seenSince = 0;

  /** @param lastingMs how long, by the monotonic clock, a new time must have lasted. */
  constructor(lastingMs: number) {
    this.#lastingMs = lastingMs;
  }

  /** Whether any time is believed. */
  get isKnown(): boolean {
    return this.#believed !== null;
  }

  /** Believes the clock as it stands: something that lasts agrees with it. */
  believe(wall: number, mono: number): void {
    this.#believed = this.#seen = wall - mono;
  }

  /** The time by which something may be removed, never later than the wall clock's; null as long as nothing is known. */
  at(wall: number, mono: number): number | null {
    const offset = wall - mono;
    const last = this.#seen ?? NaN;
    if (!(Math.abs(offset - last) <= JUMP_MS)) this.#seenSince = mono;
    this.#seen = offset;
    const isNear = this.#believed !== null &&
      Math.abs(offset - this.#believed) <= JUMP_MS;
    const hasLasted = mono - this.#seenSince >= this.#lastingMs;
    if (isNear || hasLasted) this.#believed = offset;
    return this.#believed === null
      ? null
      : Math.min(wall, mono + this.#believed);
  }

  /** The time to note for what is removed so long afterwards: never earlier than the one that is believed. */
  noted(wall: number, mono: number): number {
    return Math.max(wall, mono + (this.#believed ?? -Infinity));
  }
}
