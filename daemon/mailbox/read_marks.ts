import type { MailboxDatabase } from "./database.ts";
import { numberOf, type Statement, textOf } from "../../lib/sql/sql.ts";

/** How far each room was read, and what fell out of the buffer before it was. */
export class ReadMarks {
  readonly #readOf: Statement;
  readonly #read: Statement;
  readonly #drop: Statement;
  readonly #clear: Statement;
  readonly #tidy: Statement;
  readonly #dropped: Statement;
  readonly #rooms: Statement;
  readonly #readOne: Statement;
  readonly #prefix: Statement;

  constructor(database: MailboxDatabase) {
    this.#readOf = database.prepare(
      "SELECT read_cursor FROM marks WHERE room = ?",
    );
    this.#read = database.prepare(
      `INSERT INTO marks (room, read_cursor) VALUES (?1, ?2)
       ON CONFLICT (room) DO UPDATE SET read_cursor = max(read_cursor, ?2)`,
    );
    this.#drop = database.prepare(
      `INSERT INTO marks (room, dropped, dropped_upto) VALUES (?1, ?2, ?3)
       ON CONFLICT (room) DO UPDATE
       SET dropped = dropped + ?2, dropped_upto = max(dropped_upto, ?3)`,
    );
    this.#clear = database.prepare(
      "UPDATE marks SET dropped = 0 WHERE room = ? AND dropped_upto <= read_cursor",
    );
    this.#tidy = database.prepare(
      `DELETE FROM marks WHERE dropped = 0
       AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.room = marks.room)
       AND NOT EXISTS (SELECT 1 FROM gaps g WHERE g.room = marks.room)`,
    );
    this.#dropped = database.prepare(
      `SELECT coalesce(sum(dropped), 0) AS dropped FROM marks
       WHERE ?1 IS NULL OR room = ?1`,
    );
    this.#rooms = database.prepare(
      "SELECT DISTINCT room FROM messages UNION SELECT room FROM marks",
    );
    this.#readOne = database.prepare(
      "UPDATE messages SET read = 1 WHERE cursor = ? RETURNING room",
    );
    // Behind the last single one before which nothing is unread; muted authors leave nothing unread.
    this.#prefix = database.prepare(
      `SELECT coalesce(max(cursor), 0) AS cursor FROM messages
       WHERE room = ?1 AND read = 1 AND cursor < coalesce(
         (SELECT min(cursor) FROM messages WHERE room = ?1 AND read = 0
          AND cursor > ?2
          AND author NOT IN (SELECT id FROM contacts WHERE muted = 1)),
         ${Number.MAX_SAFE_INTEGER})`,
    );
  }

  /** Cursor of the last message of the room that was read, 0 if none. */
  readOf(room: string): number {
    const row = this.#readOf.get(room);
    return row === undefined ? 0 : numberOf(row, "read_cursor");
  }

  /** Moves a room's mark, or every room's, on to the cursor; never back. */
  read(cursor: number, room?: string): void {
    const rooms = room === undefined
      ? this.#rooms.all().map((row) => textOf(row, "room"))
      : [room];
    for (const each of rooms) {
      this.#read.run(each, cursor);
      this.#clear.run(each);
    }
    this.#tidy.run();
  }

  /** Marks single messages, and moves their rooms' marks on as far as everything before was read. */
  readOnly(cursors: readonly number[]): void {
    const rooms = cursors.flatMap((cursor) => this.#readOne.all(cursor))
      .map((row) => textOf(row, "room"));
    for (const room of new Set(rooms)) {
      const row = this.#prefix.get(room, this.readOf(room));
      this.#read.run(room, numberOf(row, "cursor"));
      this.#clear.run(room);
    }
    this.#tidy.run();
  }

  /** Counts what was lost unread, up to the cursor. */
  drop(room: string, lost: { readonly count: number; readonly upto: number }) {
    this.#drop.run(room, lost.count, lost.upto);
  }

  /** How many were lost unread, in a room or in all. */
  dropped(room?: string): number {
    return numberOf(this.#dropped.get(room ?? null), "dropped");
  }
}
