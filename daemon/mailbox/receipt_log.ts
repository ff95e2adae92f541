import { numberOf, type Statement } from "../../lib/sql/sql.ts";
import type { MailboxDatabase } from "./database.ts";

/** How many readers told that they have a message, and how many of them that it was shown. */
export interface ReceiptCounts {
  readonly delivered: number;
  readonly shown: number;
}

/** What readers told of own messages on one relay, while those are remembered. */
export class ReceiptLog {
  readonly #relay: string;
  readonly #note: Statement;
  readonly #counts: Statement;

  constructor(database: MailboxDatabase, relay: string) {
    this.#relay = relay;
    this.#note = database.prepare(
      `INSERT INTO receipts (relay, id, reader, shown)
       SELECT ?1, ?2, ?3, ?4 FROM sends
       WHERE relay = ?1 AND id = ?2 AND room = ?5 AND receipt = 1
         AND status IN ('accepted', 'unknown')
       ON CONFLICT (relay, id, reader) DO UPDATE SET shown = max(shown, ?4)`,
    );
    this.#counts = database.prepare(
      `SELECT count(*) AS delivered, coalesce(sum(shown), 0) AS shown
       FROM receipts WHERE relay = ? AND id = ?`,
    );
  }

  /** Notes what a reader told of a message; nothing where no receipt of it was asked for, or not in this room. */
  note(
    told: {
      readonly id: string;
      readonly room: string;
      readonly reader: string;
    },
    isShown: boolean,
  ): void {
    const { id, room, reader } = told;
    this.#note.run(this.#relay, id, reader, isShown ? 1 : 0, room);
  }

  counts(id: string): ReceiptCounts {
    const row = this.#counts.get(this.#relay, id);
    return {
      delivered: numberOf(row, "delivered"),
      shown: numberOf(row, "shown"),
    };
  }
}
