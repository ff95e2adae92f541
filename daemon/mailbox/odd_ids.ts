import { isMessageId } from "../../lib/protocol/message_id.ts";
import {
  numberOf,
  type SqlRow,
  type Statement,
  textOf,
} from "../../lib/sql/sql.ts";
import type { MailboxDatabase } from "./database.ts";

/** A message's own number, as text. */
const NUMBER = /^[1-9]\d{0,14}$/;

/**
 * Messages whose id could be taken for something else on a command line: they are named by their number, and keep
 * their id on the wire, which an answer has to name.
 */
export class OddIds {
  readonly #at: Statement;
  readonly #numberOf: Statement;

  constructor(database: MailboxDatabase) {
    this.#at = database.prepare(
      `SELECT * FROM messages
       WHERE cursor = ?1 AND substr(author, 1, length(?2)) = ?2`,
    );
    this.#numberOf = database.prepare(
      `SELECT cursor FROM messages WHERE id = ? AND author = ?
       ORDER BY verified DESC, cursor LIMIT 1`,
    );
  }

  /** The id on the wire of what is shown by this one. */
  wireIdOf(id: string): string {
    const row = this.at(id);
    return row === undefined ? id : textOf(row, "id");
  }

  /** The row of the message that this number stands for, as no id does; `from` is its author's key or the start of it. */
  at(number: string, from = ""): SqlRow | undefined {
    if (!NUMBER.test(number)) return undefined;
    const row = this.#at.get(Number(number), from);
    return row === undefined || isMessageId(textOf(row, "id"))
      ? undefined
      : row;
  }

  /** By what a message can be named: its id, else its number; "" where it has neither. */
  shownIdOf({ id, from }: { id: string; from: string }): string {
    if (isMessageId(id)) return id;
    const row = this.#numberOf.get(id, from);
    return row === undefined ? "" : `${numberOf(row, "cursor")}`;
  }
}
