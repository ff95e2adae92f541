import { createHash } from "node:crypto";
import type { Sql, Statement } from "../../lib/sql/sql.ts";
import { numberOf, textOf, textOrNone } from "../../lib/sql/sql.ts";

/** Letters and digits that no eye takes for one another; the letters, 24, come first. */
const ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";
const LETTERS = 24;
/** Characters of a whole short id: 79 bits. */
const WHOLE = 16;
/** So many are shown at least: 29 bits, of which a thousand messages meet by chance once in a thousand. */
const SHOWN = 6;

/**
 * The short id of a message, whole: it follows from author and id alone, so that it is the same for every agent
 * (protocol.md section 12). It begins with a letter: none is a number.
 */
export function shortIdOf({ from, id }: { from: string; id: string }): string {
  const hash = createHash("sha256").update(`agentnet short id\0${from}\0${id}`)
    .digest();
  let short = ALPHABET.charAt((hash[0] as number) % LETTERS);
  for (let at = 1; at < WHOLE; at++) {
    short += ALPHABET.charAt((hash[at] as number) % ALPHABET.length);
  }
  return short;
}

/** How much of a short id tells it from others: at least six characters. */
export function tellingStart(
  whole: string,
  others: Iterable<string | undefined>,
): string {
  let length = SHOWN;
  for (const other of others) {
    if (other === undefined || other === whole) continue;
    length = Math.max(length, sameStart(whole, other) + 1);
  }
  return whole.slice(0, length);
}

function sameStart(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}

/** The short ids of the messages in the mailbox. */
export class ShortIds {
  readonly #insert: Statement;
  readonly #around: Statement;
  readonly #from: Statement;

  constructor(database: Pick<Sql, "prepare">) {
    this.#insert = database.prepare(
      "INSERT INTO short_ids (cursor, short) VALUES (?, ?)",
    );
    this.#around = database.prepare(
      `SELECT (SELECT max(short) FROM short_ids WHERE short < ?1) AS before,
         (SELECT min(short) FROM short_ids WHERE short > ?1) AS behind`,
    );
    this.#from = database.prepare(
      `SELECT cursor FROM short_ids WHERE short >= ?1 AND short < ?2
       ORDER BY cursor LIMIT ?3`,
    );
  }

  /** Notes the message of a cursor; one that goes takes its short id with it. */
  add(cursor: number, message: { from: string; id: string }): void {
    this.#insert.run(cursor, shortIdOf(message));
  }

  /** As much of a whole short id as tells it from every other in the mailbox. */
  shown(whole: string): string {
    const row = this.#around.get(whole);
    if (row === undefined) return whole.slice(0, SHOWN);
    const others = [textOrNone(row, "before"), textOrNone(row, "behind")];
    return tellingStart(whole, others);
  }

  /** Cursors of the messages whose short id starts so, at most so many. */
  cursors(start: string, most: number): number[] {
    // "~" is behind every character of the alphabet.
    return this.#from.all(start, `${start}~`, most)
      .map((row) => numberOf(row, "cursor"));
  }
}

/** Gives every message that has none its short id: a file of an earlier version has none at all. */
export function fillShortIds(sql: Sql): void {
  const insert = sql.prepare(
    "INSERT INTO short_ids (cursor, short) VALUES (?, ?)",
  );
  const bare = sql.prepare(
    `SELECT cursor, id, author FROM messages
     WHERE cursor NOT IN (SELECT cursor FROM short_ids)`,
  );
  for (const row of bare.all()) {
    const key = { from: textOf(row, "author"), id: textOf(row, "id") };
    insert.run(numberOf(row, "cursor"), shortIdOf(key));
  }
}
