import type { MessagesQuery } from "../../../lib/local_api/types/mailbox.ts";

/** What comes so soon after a wake is one more wake, in milliseconds. */
const GATHER_MS = 1_000;

/**
 * How often those who wait are woken: at once by the first message, once more by all that follows within a second. Each
 * wake costs a model a turn. An own message starts anew, so that a conversation is never slowed down; a reader that
 * keeps its own place (`after`) is a program's and is told at once. Times are monotonic milliseconds.
 */
export class Wakes {
  readonly #last = new Map<string, number>();

  /** How long an answer to the query is to be held for what else comes; 0 for none. */
  holdFor(query: MessagesQuery, now: number): number {
    const last = this.#last.get(keyOf(query));
    return last === undefined ? 0 : Math.max(0, last + GATHER_MS - now);
  }

  /** Somebody who waits is woken now. */
  woke(query: MessagesQuery, now: number): void {
    for (const [key, at] of this.#last) {
      if (at + GATHER_MS <= now) this.#last.delete(key);
    }
    if (query.after === undefined) this.#last.set(keyOf(query), now);
  }

  /** This agent speaks: what comes next may be the answer. */
  spoke(): void {
    this.#last.clear();
  }
}

/** Those who ask for the same are taken for one. */
function keyOf({ room, from, mention, after }: MessagesQuery): string {
  return JSON.stringify([room, from, mention, after]);
}
