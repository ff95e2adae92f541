import type { RoomName } from "../../lib/protocol/names.ts";
import { numberOf, type Statement, textOrNone } from "../../lib/sql/sql.ts";
import type { MailboxDatabase } from "./database.ts";

/** A message of a talk with one agent, and the frame by which it came or went, as JSON. */
export interface TalkFrame {
  readonly cursor: number;
  readonly timestamp: number;
  readonly frame: string | undefined;
}

/** The frames of talks, as they were signed: as long as their messages are kept. Every method throws FILE_TROUBLE. */
export class TalkFrames {
  readonly #save: Statement;
  readonly #page: Statement;
  readonly #tidy: Statement;
  /** Once a run: a message that was not written, or was dropped before it was one, leaves its frame behind. */
  #isTidy = false;

  constructor(database: MailboxDatabase) {
    this.#save = database.prepare(
      "INSERT OR REPLACE INTO talk_frames (author, id, frame) VALUES (?, ?, ?)",
    );
    this.#page = database.prepare(
      `SELECT m.cursor AS cursor, m.timestamp AS timestamp, f.frame AS frame
       FROM messages m LEFT JOIN talk_frames f ON f.author = m.author AND f.id = m.id
       WHERE m.room = ? AND m.cursor < ? ORDER BY m.cursor DESC LIMIT ?`,
    );
    this.#tidy = database.prepare(
      `DELETE FROM talk_frames AS f WHERE NOT EXISTS
         (SELECT 1 FROM messages m WHERE m.id = f.id AND m.author = f.author)
       AND NOT EXISTS
         (SELECT 1 FROM message_requests r WHERE r.id = f.id AND r.author = f.author)`,
    );
  }

  save(
    { from, id }: { readonly from: string; readonly id: string },
    frame: string,
  ): void {
    if (!this.#isTidy) this.#tidy.run();
    this.#isTidy = true;
    this.#save.run(from, id, frame);
  }

  /** The last messages of a talk below a cursor, oldest first. */
  page(room: RoomName, before: number, limit: number): TalkFrame[] {
    return this.#page.all(room, before, limit).toReversed().map((row) => ({
      cursor: numberOf(row, "cursor"),
      timestamp: numberOf(row, "timestamp"),
      frame: textOrNone(row, "frame"),
    }));
  }
}
