import { createHash } from "node:crypto";
import type { MailboxDatabase } from "./database.ts";
import type { Statement } from "../../lib/sql/sql.ts";

/** What makes a message the same one again: its author and the id that the author gave it. */
export interface MessageKey {
  readonly from: string;
  readonly id: string;
  readonly verified: boolean;
}

/** How many are remembered; each takes about 60 bytes of the file. */
const MOST = 200_000;

/**
 * Which messages were had, long after they fell out of the buffer, so that no relay can show an old one anew. An
 * unverified one never stands in the way of the verified one of the same author and id: anybody can make it up.
 */
export class SeenIds {
  readonly #find: Statement;
  readonly #insert: Statement;
  readonly #forget: Statement;
  readonly #most: number;

  constructor(database: MailboxDatabase, most = MOST) {
    this.#find = database.prepare("SELECT 1 FROM seen WHERE hash = ?");
    this.#insert = database.prepare(
      "INSERT INTO seen (hash) VALUES (?)",
    );
    this.#forget = database.prepare("DELETE FROM seen WHERE n <= ?");
    this.#most = most;
  }

  has(key: MessageKey): boolean {
    if (this.#find.get(hash(key, true)) !== undefined) return true;
    return !key.verified && this.#find.get(hash(key, false)) !== undefined;
  }

  /** Only for one that {@link has} does not know. */
  add(key: MessageKey): void {
    const { lastInsertRowid } = this.#insert.run(hash(key, key.verified));
    this.#forget.run(Number(lastInsertRowid) - this.#most);
  }
}

/** 16 bytes: two keys meet by chance once in 2^64 pairs, on purpose not at all. */
function hash(key: MessageKey, verified: boolean): Uint8Array {
  return createHash("sha256")
    .update(`${verified ? "v" : "u"}\0${key.from}\0${key.id}`)
    .digest()
    .subarray(0, 16);
}
