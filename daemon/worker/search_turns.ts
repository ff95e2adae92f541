import { Failure } from "../../lib/errors.ts";

/** So many searches wait for their turn; each takes about a second of every core. */
const MOST_WAITING = 16;

/**
 * One search for a proof of work at a time, since each takes all cores: several at once would all be late, and would ask
 * the keeper for more than it gives.
 */
export class SearchTurns {
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();

  /**
   * Searches once those before have ended. Rejects with what the search does, with the signal's reason where it is
   * aborted before, or with a `Failure` TOO_MANY_WAITING.
   */
  async take<Result>(
    search: () => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result> {
    if (this.#waiting >= MOST_WAITING) {
      throw new Failure("TOO_MANY_WAITING", {
        fields: { count: MOST_WAITING },
      });
    }
    this.#waiting++;
    const before = this.#last;
    const done = Promise.withResolvers<void>();
    this.#last = before.then(() => done.promise);
    try {
      await before;
    } finally {
      this.#waiting--;
    }
    try {
      signal.throwIfAborted();
      return await search();
    } finally {
      done.resolve();
    }
  }
}
