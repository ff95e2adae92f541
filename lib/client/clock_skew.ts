import type { Clock } from "../clock.ts";

/** A relay's time outside these years is no time at all, or in another unit. */
const EARLIEST = Date.UTC(2020);
const LATEST = Date.UTC(2100);

/**
 * How far this host's wall clock is from the relay's. A relay's time that lies between question and answer gives 0:
 * the way there and back can't be told from skew.
 */
export class ClockSkew {
  readonly #clock: Clock;
  /** Milliseconds that this host is ahead of the relay, negative when behind; undefined until known. */
  ms: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * @param relayTime what the relay's clock showed, in milliseconds since 1970.
   * @param askedAt monotonic time of the question that it answered.
   */
  note(relayTime: number, askedAt: number): void {
    if (relayTime < EARLIEST || relayTime > LATEST) return;
    const answered = this.#clock.wall();
    const asked = answered - (this.#clock.monotonic() - askedAt);
    if (relayTime > answered) this.ms = Math.round(answered - relayTime);
    else if (relayTime < asked) this.ms = Math.round(asked - relayTime);
    else this.ms = 0;
  }
}
