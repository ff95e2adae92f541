import type { Clock } from "../clock.ts";
import { TIMES } from "../protocol/limits.ts";

/** A relay's time outside these years is no time at all, or in another unit. */
const EARLIEST = Date.UTC(2020);
const LATEST = Date.UTC(2100);
/** Two clocks that are not read at once, and one that is slowed down to be set right. */
const SLACK_MS = 1_000;
/** A connection does not outlive a longer sleep of its host: the relay drops who is silent for so long. */
const AWAKE_MS = TIMES.silence;

/**
 * How far this host's wall clock is from the relay's. A relay's time that lies between question and answer gives 0:
 * the way there and back can't be told from skew.
 */
export class ClockSkew {
  readonly #clock: Clock;
  /** As it was when the relay last told its time, and how far the wall clock then was from the monotonic one. */
  #noted: { readonly ms: number; readonly apart: number } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Milliseconds that this host is ahead of the relay, negative when behind; undefined until known. A clock that was set
   * meanwhile is off by so much more: back at once, ahead only past {@link AWAKE_MS}, since a host that slept for less
   * shows the same.
   */
  get ms(): number | undefined {
    if (this.#noted === undefined) return undefined;
    const moved = Math.round(this.#apart() - this.#noted.apart);
    const isSet = moved < -SLACK_MS || moved > AWAKE_MS;
    return this.#noted.ms + (isSet ? moved : 0);
  }

  /**
   * @param relayTime what the relay's clock showed, in milliseconds since 1970.
   * @param askedAt monotonic time of the question that it answered.
   */
  note(relayTime: number, askedAt: number): void {
    if (relayTime < EARLIEST || relayTime > LATEST) return;
    const answered = this.#clock.wall();
    const asked = answered - (this.#clock.monotonic() - askedAt);
    let ms = 0;
    if (relayTime > answered) ms = Math.round(answered - relayTime);
    else if (relayTime < asked) ms = Math.round(asked - relayTime);
    this.#noted = { ms, apart: this.#apart() };
  }

  #apart(): number {
    return this.#clock.wall() - this.#clock.monotonic();
  }
}
