import type { Failure } from "../../../lib/errors.ts";

/** Tries at a history that does not answer before it is called a gap. */
const MOST_TRIES = 3;
/** How long live messages wait for a history that is not to be had now; milliseconds. */
const MOST_HELD_MS = 25_000;

/** How long a room's history is tried again, and live messages wait for it, before what it holds is called a gap. */
export class HistoryPatience {
  /** Times that the history did not answer. */
  #tries = 0;
  /** Monotonic time at which the room in trouble was first seen to keep live messages waiting. */
  #heldSince: number | undefined;

  /**
   * Whether one more failure is one too many.
   *
   * @param waiting live messages that wait
   */
  isOver(
    failure: Failure,
    { waiting, now }: { readonly waiting: number; readonly now: number },
  ): boolean {
    if (this.hasHeldLong(waiting, now)) return true;
    if (failure.retryAfterMs !== undefined) return false;
    return ++this.#tries >= MOST_TRIES;
  }

  /** Whether live messages have waited as long as they may, since this was first asked of them. */
  hasHeldLong(waiting: number, now: number): boolean {
    if (waiting === 0) {
      this.#heldSince = undefined;
      return false;
    }
    this.#heldSince ??= now;
    return now - this.#heldSince >= MOST_HELD_MS;
  }

  /** The room stands where the relay stands, or the connection is gone. */
  reset(): void {
    this.#tries = 0;
    this.#heldSince = undefined;
  }
}
