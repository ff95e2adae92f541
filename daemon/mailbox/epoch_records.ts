import {
  blobOf,
  numberOf,
  type SqlRow,
  type Statement,
  textOf,
} from "../../lib/sql/sql.ts";
import type { MailboxDatabase } from "./database.ts";

/** A record of a private room's epochs, as it went over the wire. */
export interface StoredRecord {
  /** Hex. */
  readonly hash: string;
  readonly author: string;
  readonly body: Uint8Array;
  /** False for one of our own that the relay may not have. */
  readonly sent: boolean;
}

/** The records of private rooms, and what was had of their members' streams. Every method throws FILE_TROUBLE. */
export class EpochRecords {
  readonly #relay: string;
  readonly #add: Statement;
  readonly #all: Statement;
  readonly #unsent: Statement;
  readonly #sent: Statement;
  readonly #heard: Statement;
  readonly #hear: Statement;

  constructor(database: MailboxDatabase, relay: string) {
    this.#relay = relay;
    this.#add = database.prepare(
      `INSERT OR IGNORE INTO epoch_records (relay, name, hash, author, body, sent)
       VALUES (?, ?, ?, ?, ?, ?)`,
    );
    this.#all = database.prepare(
      "SELECT * FROM epoch_records WHERE relay = ? AND name = ?",
    );
    this.#unsent = database.prepare(
      "SELECT * FROM epoch_records WHERE relay = ? AND name = ? AND sent = 0",
    );
    this.#sent = database.prepare(
      "UPDATE epoch_records SET sent = 1 WHERE relay = ? AND name = ? AND hash = ?",
    );
    this.#heard = database.prepare(
      "SELECT author, heard FROM sealed_heard WHERE relay = ? AND name = ?",
    );
    this.#hear = database.prepare(
      `INSERT OR REPLACE INTO sealed_heard (relay, name, author, heard)
       VALUES (?, ?, ?, ?)`,
    );
  }

  add(room: string, { hash, author, body, sent }: StoredRecord): void {
    const isSent = sent ? 1 : 0;
    this.#add.run(this.#relay, room, hash, author, body, isSent);
  }

  all(room: string): StoredRecord[] {
    return this.#all.all(this.#relay, room).map(recordOf);
  }

  /** Those of our own that the relay may not have. */
  unsent(room: string): StoredRecord[] {
    return this.#unsent.all(this.#relay, room).map(recordOf);
  }

  wasSent(room: string, hash: string): void {
    this.#sent.run(this.#relay, room, hash);
  }

  /** What was had of each author, as JSON. */
  heard(room: string): ReadonlyMap<string, string> {
    const rows = this.#heard.all(this.#relay, room);
    return new Map(
      rows.map((row) => [textOf(row, "author"), textOf(row, "heard")]),
    );
  }

  hear(room: string, author: string, heard: string): void {
    this.#hear.run(this.#relay, room, author, heard);
  }
}

function recordOf(row: SqlRow): StoredRecord {
  return {
    hash: textOf(row, "hash"),
    author: textOf(row, "author"),
    body: blobOf(row, "body"),
    sent: numberOf(row, "sent") === 1,
  };
}
