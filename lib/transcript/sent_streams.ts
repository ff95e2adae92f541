/** Messages of one author that a transcript does not hold, though he, or who had them, says that they were. */
export interface SentHole {
  readonly author: string;
  readonly count: number;
}

/** No member is behind another by more. */
const MOST_AHEAD = 1_000;

interface Sent {
  readonly author: string;
  readonly numbers: Set<number>;
  first: number;
  last: number;
}

/**
 * The numbers that authors give their messages, from one to the next of a daemon's start (protocol.md section 14). What
 * was before the first one that is here is not missed.
 */
export class SentStreams {
  readonly #streams = new Map<string, Sent>();

  said(author: string, stream: string, n: number): void {
    const key = `${author} ${stream}`;
    const sent = this.#streams.get(key) ??
      { author, numbers: new Set(), first: n, last: n };
    sent.numbers.add(n);
    sent.first = Math.min(sent.first, n);
    sent.last = Math.max(sent.last, n);
    this.#streams.set(key, sent);
  }

  /** Somebody else says that he had it up to this number; he may say any. */
  seen(author: string, stream: string, n: number): void {
    const sent = this.#streams.get(`${author} ${stream}`);
    if (sent === undefined || n > sent.last + MOST_AHEAD) return;
    sent.last = Math.max(sent.last, n);
  }

  /** By author, those who miss most first. */
  get holes(): SentHole[] {
    const counts = new Map<string, number>();
    for (const { author, numbers, first, last } of this.#streams.values()) {
      const missing = last - first + 1 - numbers.size;
      if (missing > 0) {
        counts.set(author, (counts.get(author) ?? 0) + missing);
      }
    }
    return [...counts].map(([author, count]) => ({ author, count }))
      .toSorted((a, b) => b.count - a.count);
  }
}
