const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Between two wakes of one watcher; and from one that was not read to the next, where something newer came. */
const BETWEEN_MS = 30 * SECOND;
const UNREAD_MS = 10 * MINUTE;
/** Wakes of this agent, by all watchers together. */
const AN_HOUR = 20;
const A_DAY = 100;
/** Wakes in a row without a word from a human; the row is over after an hour. */
const IN_A_ROW = 6;
/** Messages of one author that could wake, in a minute; then it is not heard for a minute. */
const OF_AN_AUTHOR = 20;
/** Watchers and authors that are remembered; the one longest silent goes. */
const MOST_WATCHERS = 64;
const MOST_AUTHORS = 256;

/** Why nobody is woken just now, in our own words. */
export type WakeBrake =
  | "20 wakes within an hour"
  | "100 wakes within a day"
  | "6 wakes without a word from a human";

/** Whether a watcher is woken now; else when to look again (monotonic milliseconds, Infinity: when something comes). */
export type WakeVerdict =
  | { readonly isWoken: true }
  | {
    readonly isWoken: false;
    readonly again: number;
    readonly brake?: WakeBrake;
  };

interface Told {
  readonly cursor: number;
  readonly at: number;
}

/**
 * The bounds on waking a model, which costs it a turn each time and which two agents can do to each other for ever.
 * Times are monotonic milliseconds. Nothing lifts them; a wake that is held back loses no message.
 */
export class WakeBrakes {
  /** The newest message that each watcher was woken for, and when. */
  readonly #told = new Map<string, Told>();
  /** When this agent was woken, within a day. */
  #wakes: number[] = [];
  #row = { count: 0, at: -Infinity };
  /** When each author's messages came that could wake, within a minute; and until when it is not heard. */
  readonly #authors = new Map<
    string,
    { times: number[]; quietUntil: number }
  >();

  /** A message came that could wake. */
  heard(author: string, now: number): void {
    const { times, quietUntil } = this.#authors.get(author) ??
      { times: [], quietUntil: -Infinity };
    const recent = [...times.filter((at) => at > now - MINUTE), now];
    const isPest = recent.length >= OF_AN_AUTHOR;
    this.#authors.delete(author);
    this.#authors.set(author, {
      times: isPest ? [] : recent,
      quietUntil: isPest ? now + MINUTE : quietUntil,
    });
    forgetOldest(this.#authors, MOST_AUTHORS);
  }

  /** Whether an author's messages may wake now. */
  isHeard(author: string, now: number): boolean {
    return now >= (this.#authors.get(author)?.quietUntil ?? -Infinity);
  }

  /** @param unread cursors of the unread messages that may wake, oldest first; not empty */
  look(watcher: string, unread: readonly number[], now: number): WakeVerdict {
    const again = this.#watcherWaits(watcher, unread, now);
    if (again > now) return { isWoken: false, again };
    const brake = this.brake(now);
    return brake === undefined
      ? { isWoken: true }
      : { isWoken: false, again: brake.until, brake: brake.name };
  }

  /** What holds back every wake of this agent just now. */
  brake(
    now: number,
  ): { readonly name: WakeBrake; readonly until: number } | undefined {
    const row = this.#row.at + HOUR;
    if (this.#row.count >= IN_A_ROW && row > now) {
      return { name: "6 wakes without a word from a human", until: row };
    }
    const hour = (this.#wakes.at(-AN_HOUR) ?? -Infinity) + HOUR;
    if (hour > now) return { name: "20 wakes within an hour", until: hour };
    const day = (this.#wakes.at(-A_DAY) ?? -Infinity) + DAY;
    if (day > now) return { name: "100 wakes within a day", until: day };
    return undefined;
  }

  /** The watcher is woken. @param cursor the newest message that it is woken for */
  woke(watcher: string, cursor: number, now: number): void {
    this.#told.delete(watcher);
    this.#told.set(watcher, { cursor, at: now });
    forgetOldest(this.#told, MOST_WATCHERS);
    this.#wakes = [...this.#wakes.filter((at) => at > now - DAY), now]
      .slice(-A_DAY);
    const isRow = now - this.#row.at < HOUR;
    this.#row = { count: isRow ? this.#row.count + 1 : 1, at: now };
  }

  /** The watcher's last wake did not come to it: it counts for nothing, and what it was for may wake it anew. */
  takeBack(watcher: string): void {
    const told = this.#told.get(watcher);
    if (told === undefined) return;
    this.#told.delete(watcher);
    const index = this.#wakes.lastIndexOf(told.at);
    this.#wakes = this.#wakes.filter((_, one) => one !== index);
    const { count, at } = this.#row;
    this.#row = { count: Math.max(0, count - 1), at };
  }

  /** A human spoke to this agent. */
  human(): void {
    this.#row = { count: 0, at: -Infinity };
  }

  /** Wakes within the last day. */
  today(now: number): number {
    return this.#wakes.filter((at) => at > now - DAY).length;
  }

  #watcherWaits(
    watcher: string,
    unread: readonly number[],
    now: number,
  ): number {
    const told = this.#told.get(watcher);
    if (told === undefined) return now;
    const newest = unread.at(-1) ?? 0;
    if (newest <= told.cursor) return Infinity;
    const isUnread = unread.some((cursor) => cursor <= told.cursor);
    return told.at + (isUnread ? UNREAD_MS : BETWEEN_MS);
  }
}

/** Maps keep the order in which keys were set. */
function forgetOldest(map: Map<string, unknown>, most: number): void {
  for (const oldest of map.keys()) {
    if (map.size <= most) return;
    map.delete(oldest);
  }
}
