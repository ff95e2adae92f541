const SECONDS = 60;
/** What one more commit counts for in the shown time. */
const WEIGHT = 0.1;

/** How busy the relay is: messages of the last minute, and how long a commit takes. */
export class RelayPulse {
  /** A ring: messages of second s at s mod {@link SECONDS}. */
  readonly #counts = new Uint32Array(SECONDS);
  #second = 0;
  #commitMs: number | null = null;

  /** @param mono monotonic milliseconds */
  said(mono: number): void {
    this.#moveOn(mono);
    const at = this.#second % SECONDS;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  committed(seconds: number): void {
    const ms = seconds * 1_000;
    this.#commitMs = this.#commitMs === null
      ? ms
      : this.#commitMs + WEIGHT * (ms - this.#commitMs);
  }

  messagesAMinute(mono: number): number {
    this.#moveOn(mono);
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  /** A running mean; null before the first commit. */
  get commitMs(): number | null {
    return this.#commitMs;
  }

  #moveOn(mono: number): void {
    const second = Math.floor(mono / 1_000);
    const passed = Math.min(second - this.#second, SECONDS);
    for (let step = 1; step <= passed; step++) {
      this.#counts[(this.#second + step) % SECONDS] = 0;
    }
    this.#second = second;
  }
}
