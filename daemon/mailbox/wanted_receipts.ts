import {
  numberOf,
  type SqlRow,
  type Statement,
  textOf,
} from "../../lib/sql/sql.ts";
import type { MailboxDatabase } from "./database.ts";

/** A message whose author wants to be told something that was not told yet. */
export interface WantedReceipt {
  readonly cursor: number;
  readonly room: string;
  readonly author: string;
  /** On the wire. */
  readonly id: string;
  /** Whether it was shown. */
  readonly isShown: boolean;
}

/** So many of a room are told at once; the rest follows. */
export const MOST_DUE = 500;

/** So many that were told are told again with the next ones, where what was told last takes the place of it. */
const MOST_AGAIN = 64;
/** In a talk who was only accepted is told nothing: that would say that he was. */
const MAY_BE_TOLD = `(m.room NOT GLOB '@*'
  OR EXISTS (SELECT 1 FROM messages o WHERE o.own = 1 AND o.room = m.room)
  OR EXISTS (SELECT 1 FROM contacts c WHERE c.id = m.author AND c.name IS NOT NULL))`;

/** Those of which there is something to tell. A message is read by itself or by the mark of its room. */
const DUE = `FROM receipts_wanted w JOIN messages m ON m.cursor = w.cursor
  LEFT JOIN marks k ON k.room = m.room
  WHERE ${MAY_BE_TOLD} AND (w.delivered = 0 OR w.delivered = 1 AND
    (m.read = 1 OR m.cursor <= coalesce(k.read_cursor, 0)))`;

/** The messages of the mailbox whose authors want receipts. */
export class WantedReceipts {
  readonly #insert: Statement;
  readonly #rooms: Statement;
  readonly #due: Statement;
  readonly #delivered: Statement;
  readonly #remove: Statement;
  readonly #told: Statement;
  readonly #finish: Statement;
  readonly #forget: Statement;
  readonly #clear: Statement;

  constructor(database: MailboxDatabase) {
    this.#insert = database.prepare(
      "INSERT OR IGNORE INTO receipts_wanted (cursor) VALUES (?)",
    );
    this.#rooms = database.prepare(
      `SELECT m.room AS room ${DUE} GROUP BY m.room ORDER BY min(m.cursor)`,
    );
    this.#due = database.prepare(
      `SELECT m.cursor AS cursor, m.room AS room, m.author AS author, m.id AS id,
         (m.read = 1 OR m.cursor <= coalesce(k.read_cursor, 0)) AS shown
       ${DUE} AND m.room = ? ORDER BY m.cursor LIMIT ${MOST_DUE}`,
    );
    this.#told = database.prepare(
      `SELECT m.cursor AS cursor, m.room AS room, m.author AS author, m.id AS id,
         (m.read = 1 OR m.cursor <= coalesce(k.read_cursor, 0)) AS shown
       FROM messages m JOIN receipts_wanted w ON m.cursor = w.cursor
       LEFT JOIN marks k ON k.room = m.room
       WHERE m.room = ? AND w.delivered > 0
       ORDER BY m.cursor DESC LIMIT ${MOST_AGAIN}`,
    );
    this.#finish = database.prepare(
      "UPDATE receipts_wanted SET delivered = 2 WHERE cursor = ?",
    );
    this.#forget = database.prepare(
      `DELETE FROM receipts_wanted WHERE delivered = 2 AND cursor IN
         (SELECT m.cursor FROM messages m JOIN receipts_wanted w ON m.cursor = w.cursor
          WHERE m.room = ? ORDER BY m.cursor DESC LIMIT -1 OFFSET ${MOST_AGAIN})`,
    );
    this.#clear = database.prepare("DELETE FROM receipts_wanted");
    this.#delivered = database.prepare(
      "UPDATE receipts_wanted SET delivered = 1 WHERE cursor = ?",
    );
    this.#remove = database.prepare(
      "DELETE FROM receipts_wanted WHERE cursor = ?",
    );
  }

  /** Its author wants to be told. */
  add(cursor: number): void {
    this.#insert.run(cursor);
  }

  /** The rooms in which there is something to tell; the one whose oldest waits longest first. */
  rooms(): string[] {
    return this.#rooms.all().map((row) => textOf(row, "room"));
  }

  /** What there is to tell in a room: the oldest, at most {@link MOST_DUE}. */
  due(room: string): WantedReceipt[] {
    return this.#due.all(room).map(wantedOf);
  }

  /** Its author was told that it arrived. */
  delivered(cursor: number): void {
    this.#delivered.run(cursor);
  }

  /** The last ones of a room that were told something, the newest first. */
  told(room: string): WantedReceipt[] {
    return this.#told.all(room).map(wantedOf);
  }

  /** There is nothing more to tell of it, but again, as long as it is one of the last of its room. */
  finish({ cursor, room }: WantedReceipt): void {
    this.#finish.run(cursor);
    this.#forget.run(room);
  }

  /** There is nothing more to tell of any. */
  clear(): void {
    this.#clear.run();
  }

  /** There is nothing more to tell of it. */
  remove(cursor: number): void {
    this.#remove.run(cursor);
  }
}

function wantedOf(row: SqlRow): WantedReceipt {
  return {
    cursor: numberOf(row, "cursor"),
    room: textOf(row, "room"),
    author: textOf(row, "author"),
    id: textOf(row, "id"),
    isShown: numberOf(row, "shown") === 1,
  };
}
