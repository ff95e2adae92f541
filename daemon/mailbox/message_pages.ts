import type {
  Answer,
  ReceivedMessage,
} from "../../lib/local_api/types/messages.ts";
import type { MessagesQuery } from "../../lib/local_api/types/mailbox.ts";
import {
  numberOf,
  type Sql,
  type Statement,
  textOf,
} from "../../lib/sql/sql.ts";
import type { Mentions } from "./mentions.ts";
import { hasFilter, isWanted } from "./message_filter.ts";
import { messageOf } from "./message_rows.ts";

/** Room ?1 or any; behind cursor ?2; also what was read when ?3 is 1, and what muted ones and we wrote when ?4 is. */
export const WHERE = `FROM messages m WHERE (?1 IS NULL OR m.room = ?1)
  AND m.cursor > ?2 AND (?3 = 1 OR (m.read = 0 AND m.cursor >
    coalesce((SELECT read_cursor FROM marks k WHERE k.room = m.room), 0)))
  AND (?4 = 1 OR (m.own = 0
    AND m.author NOT IN (SELECT id FROM contacts WHERE muted = 1)))`;

const PAGE = 50;

/** What a query found: a part of it, oldest first, and how many there are in all. */
export interface Found {
  readonly messages: readonly ReceivedMessage[];
  readonly count: number;
}

/** Which part of what a query finds is given back. */
interface Part {
  readonly limit: number;
  readonly skip: number;
  /** Whether it is counted from the newest one. */
  readonly isLast: boolean;
}

/** The messages that queries ask for. */
export class MessagePages {
  readonly #mentions: Pick<Mentions, "has">;
  readonly #oldest: Statement;
  readonly #newest: Statement;
  readonly #iterate: Statement;
  readonly #count: Statement;
  readonly #answers: Statement;

  constructor(
    database: Pick<Sql, "prepare">,
    mentions: Pick<Mentions, "has">,
  ) {
    this.#mentions = mentions;
    const page = `SELECT m.* ${WHERE} ORDER BY m.cursor`;
    this.#oldest = database.prepare(`${page} LIMIT ?5 OFFSET ?6`);
    this.#newest = database.prepare(`${page} DESC LIMIT ?5 OFFSET ?6`);
    this.#iterate = database.prepare(page);
    this.#answers = database.prepare(
      "SELECT room, reply_to, author FROM messages WHERE reply_to IS NOT NULL",
    );
    this.#count = database.prepare(`SELECT count(*) AS count ${WHERE}`);
  }

  /** The oldest that the query asks for, or with `last` the newest ones, behind those that it skips. */
  page(query: MessagesQuery): Found {
    const { limit = PAGE, last, skip = 0 } = query;
    const part = {
      ...{ limit: last ?? limit, skip },
      isLast: last !== undefined,
    };
    return hasFilter(query)
      ? this.#filtered(query, part)
      : this.#plain(query, part);
  }

  /** How many messages the query asks for. */
  count(query: MessagesQuery): number {
    if (!hasFilter(query)) {
      return numberOf(this.#count.get(...bounds(query)), "count");
    }
    let count = 0;
    for (const _ of this.each(query)) count++;
    return count;
  }

  /** Each message that answers another one: which one, in which room, and who does. */
  *answers(): Generator<Answer> {
    for (const row of this.#answers.iterate()) {
      yield {
        room: textOf(row, "room"),
        reply_to: textOf(row, "reply_to"),
        from: textOf(row, "author"),
      };
    }
  }

  /** Each message that the query asks for, oldest first, whatever part of them it wants. */
  *each(query: MessagesQuery): Generator<ReceivedMessage> {
    for (const row of this.#iterate.iterate(...bounds(query))) {
      const message = messageOf(row);
      if (isWanted(message, query, this.#mentions)) yield message;
    }
  }

  #plain(query: MessagesQuery, { limit, skip, isLast }: Part): Found {
    const statement = isLast ? this.#newest : this.#oldest;
    const messages = statement.all(...bounds(query), limit, skip)
      .map(messageOf);
    return {
      messages: isLast ? messages.reverse() : messages,
      count: numberOf(this.#count.get(...bounds(query)), "count"),
    };
  }

  #filtered(query: MessagesQuery, { limit, skip, isLast }: Part): Found {
    const kept: ReceivedMessage[] = [];
    let count = 0;
    for (const message of this.each(query)) {
      count++;
      if (isLast) {
        kept.push(message);
        if (kept.length > limit + skip) kept.shift();
      } else if (count > skip && kept.length < limit) kept.push(message);
    }
    const messages = isLast
      ? kept.slice(0, Math.max(0, kept.length - skip))
        .slice(-limit)
      : kept;
    return { messages, count };
  }
}

/** The values of ?1 to ?4 of {@link WHERE}. */
function bounds(
  query: MessagesQuery,
): [string | null, number, number, number] {
  const all = query.all === true;
  const alsoRead = all || query.after !== undefined;
  return [query.room ?? null, query.after ?? 0, alsoRead ? 1 : 0, all ? 1 : 0];
}
