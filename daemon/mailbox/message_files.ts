import type { ReceivedMessage } from "../../lib/local_api/types/messages.ts";
import type { Statement } from "../../lib/sql/sql.ts";
import type { MailboxDatabase } from "./database.ts";
import { type KeptFile, keptFileOf } from "./file_column.ts";
import { messageOf } from "./message_rows.ts";

/** The files of the messages that are kept. Every method throws FILE_TROUBLE. */
export class MessageFiles {
  readonly #of: Statement;
  readonly #in: Statement;

  constructor(database: MailboxDatabase) {
    this.#of = database.prepare(
      `SELECT file FROM messages WHERE author = ? AND id = ? AND verified = 1
         AND file IS NOT NULL ORDER BY cursor LIMIT 1`,
    );
    this.#in = database.prepare(
      `SELECT * FROM (SELECT * FROM messages WHERE room = ? AND file IS NOT NULL
         ORDER BY cursor DESC LIMIT ?) ORDER BY cursor`,
    );
  }

  /** The file of a message, with its key where it is sealed. */
  of(
    { from, id }: { readonly from: string; readonly id: string },
  ): KeptFile | undefined {
    const row = this.#of.get(from, id);
    return row === undefined ? undefined : keptFileOf(row);
  }

  /** The newest messages of a room that have one, oldest first. */
  in(room: string, limit: number): ReceivedMessage[] {
    return this.#in.all(room, limit).map(messageOf);
  }
}
