import type { ReceivedMessage } from "../../lib/local_api/types/messages.ts";
import { utf8Bytes } from "../../lib/protocol/names.ts";
import {
  numberOf,
  type SqlRow,
  type Statement,
  textOf,
} from "../../lib/sql/sql.ts";
import { type KeptFile, writeFile } from "./file_column.ts";
import type { MailboxDatabase } from "./database.ts";
import type { ReadMarks } from "./read_marks.ts";

export type NewMessage = Omit<ReceivedMessage, "cursor" | "file"> & {
  readonly file?: KeptFile;
  /** Whether its author is to be told what becomes of it. */
  readonly wantsReceipt?: boolean;
};

/** Who wrote it: each has a room of its own, so that no own message pushes an unread one out. */
export type Written = "others" | "own";

export interface KeptOptions {
  /** Most messages of others that are kept, and as many of our own. */
  readonly most: number;
  /** Most bytes that those of others may take together, and those of our own. */
  readonly mostBytes: number;
  /** Told what falls out unread. */
  readonly marks: ReadMarks;
}

/** What a message takes beside its text, about. */
const ROW_BYTES = 400;

/** The rows of messages, within bounds: the oldest fall out. */
export class KeptMessages {
  readonly #options: KeptOptions;
  readonly #insert: Statement;
  readonly #totals: Statement;
  readonly #oldest: Statement;
  readonly #remove: Statement;

  constructor(database: MailboxDatabase, options: KeptOptions) {
    this.#options = options;
    this.#insert = database.prepare(
      `INSERT INTO messages (room, id, author, name, text, bytes, verified, late,
         timestamp, received_at, seq, reply_to, kind, written_by, own, read, sealed, file)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?15, ?16, ?17)`,
    );
    this.#totals = database.prepare(
      "SELECT count, bytes FROM kept WHERE own = ?",
    );
    this.#oldest = database.prepare(
      `SELECT cursor, room, read, author IN (SELECT id FROM contacts WHERE muted = 1)
       AS muted FROM messages WHERE own = ? ORDER BY cursor LIMIT 1`,
    );
    this.#remove = database.prepare("DELETE FROM messages WHERE cursor = ?");
  }

  /** Takes a message in, one of our own as read, and lets the oldest of its kind go. @returns its cursor */
  add(message: NewMessage, written: Written): number {
    const own = written === "own" ? 1 : 0;
    const { lastInsertRowid } = this.#insert.run(
      message.room,
      message.id,
      message.from,
      message.from_name,
      message.text,
      utf8Bytes(message.text) + ROW_BYTES,
      message.verified ? 1 : 0,
      message.late ? 1 : 0,
      message.timestamp,
      message.received_at,
      message.seq ?? null,
      message.reply_to ?? null,
      message.kind ?? null,
      message.written_by ?? null,
      own,
      message.private ? 1 : 0,
      writeFile(message.file),
    );
    this.#evict(own);
    return Number(lastInsertRowid);
  }

  #evict(own: number): void {
    const { most, mostBytes } = this.#options;
    for (;;) {
      const totals = this.#totals.get(own);
      const count = numberOf(totals, "count");
      if (count <= most && numberOf(totals, "bytes") <= mostBytes) return;
      if (count <= 1) return;
      this.#drop(this.#oldest.get(own));
    }
  }

  #drop(row: SqlRow | undefined): void {
    const { marks } = this.#options;
    const cursor = numberOf(row, "cursor");
    const room = textOf(row, "room");
    this.#remove.run(cursor);
    const isSpent = numberOf(row, "muted") === 1 || numberOf(row, "read") === 1;
    if (!isSpent && cursor > marks.readOf(room)) {
      marks.drop(room, { count: 1, upto: cursor });
    }
  }
}
