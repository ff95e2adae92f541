import type { ReceivedMessage } from "../../lib/local_api/types/messages.ts";
import type { MailboxDatabase } from "./database.ts";
import { folded, soughtWords } from "../../lib/text_rules/word_match.ts";
import { messageOf } from "./message_rows.ts";
import { type Statement, textOf } from "../../lib/sql/sql.ts";

/** Words that a message must hold, all of them. */
export interface WordQuery {
  readonly words: string;
  readonly room?: string;
  /** Most messages that are given back. */
  readonly limit: number;
}

export interface FoundMessages {
  /** The newest ones, oldest first. */
  readonly messages: readonly ReceivedMessage[];
  /** How many there are in all. */
  readonly count: number;
}

/** The index knows a text by every three characters in a row: a shorter word is looked for in the texts themselves. */
const INDEXED = 3;

/** Finds messages by words, in any case and with or without accents, also inside longer words. */
export class WordSearch {
  readonly #indexed: Statement;
  readonly #all: Statement;

  constructor(database: MailboxDatabase) {
    this.#indexed = database.prepare(
      `SELECT m.* FROM found f JOIN messages m ON m.cursor = f.rowid
       WHERE f.found MATCH ?2 AND (?1 IS NULL OR m.room = ?1)
       ORDER BY f.rowid DESC`,
    );
    this.#all = database.prepare(
      `SELECT m.* FROM messages m WHERE (?1 IS NULL OR m.room = ?1)
       ORDER BY m.cursor DESC`,
    );
  }

  newest({ words, room, limit }: WordQuery): FoundMessages {
    const wanted = soughtWords(words);
    const long = wanted.filter(isIndexed);
    const short = wanted.filter((word) => !isIndexed(word)).map(folded);
    const rows = long.length === 0
      ? this.#all.iterate(room ?? null)
      : this.#indexed.iterate(room ?? null, matchOf(long));
    const messages: ReceivedMessage[] = [];
    let count = 0;
    for (const row of rows) {
      if (short.length > 0) {
        const text = folded(textOf(row, "text"));
        if (!short.every((word) => text.includes(word))) continue;
      }
      if (count++ < limit) messages.push(messageOf(row));
    }
    return { messages: messages.reverse(), count };
  }
}

function isIndexed(word: string): boolean {
  return [...word].length >= INDEXED;
}

/** An expression of FTS5 in which nothing of a word is an operator (sqlite.org/fts5.html, section 3.1). */
function matchOf(words: readonly string[]): string {
  return words.map((word) => `"${word.replaceAll('"', '""')}"`).join(" AND ");
}
