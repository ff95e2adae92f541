import { SteadyTime } from "../../../lib/steady_time.ts";
import type { StoredRoom } from "../../store/contract.ts";
import type { Now } from "../events.ts";

/** How long a clock that jumped must have stayed until rooms end by it; milliseconds, as in the store. */
const CLOCK_LASTS_MS = 3_600_000;

/**
 * The wall clock as far as rooms go by it, which live for days: that it is wrong for a while, ahead or behind, ends none.
 * What happened since the start is counted by the monotonic clock; the wall clock says how long ago that was which is
 * on disk, and what is written there.
 */
export class RoomTime {
  readonly #steady = new SteadyTime(CLOCK_LASTS_MS);
  /** The latest time that was on disk at start; wall clock. */
  #newest = 0;

  /**
   * The rooms on disk are known. A clock that agrees with what is on disk was right before; where nothing is there,
   * nothing can be lost.
   */
  restored(rooms: readonly StoredRoom[], { wall, mono }: Now): void {
    this.#newest = rooms.reduce(
      (latest, { last_active, empty_since = 0 }) =>
        Math.max(latest, last_active, empty_since),
      0,
    );
    const age = wall - this.#newest;
    const agrees = age >= 0 && age <= CLOCK_LASTS_MS;
    if (rooms.length === 0 || agrees) this.#steady.believe(wall, mono);
  }

  /** The clock is one that can be believed. */
  believe({ wall, mono }: Now): void {
    this.#steady.believe(wall, mono);
  }

  /** To be asked at each tick. @returns null while no clock is believed */
  at({ wall, mono }: Now): number | null {
    return this.#steady.at(wall, mono);
  }

  /** What is written of something that happens now: rather too late than too early. */
  noted({ wall, mono }: Now): number {
    const earliest = this.#steady.isKnown ? 0 : this.#newest;
    return Math.max(earliest, this.#steady.noted(wall, mono));
  }
}
