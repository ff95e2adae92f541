import type { RemovedOfRoom } from "./contract.ts";
import {
  numberOf,
  type Sql,
  type Statement,
  textOrNone,
} from "../../lib/sql/sql.ts";

/** Messages of one slice; only their lengths are read. */
export const COUNTED_ROWS = 2_000;

/**
 * Counts the bytes of messages that were stored before rooms counted them, a slice at a time: a large file opens as
 * fast as a small one. Until all are counted nothing else may be removed from rooms that go on.
 */
export class UncountedBytes {
  readonly #range: Statement;
  readonly #next: Statement;
  readonly #sums: Statement;
  readonly #add: Statement;
  readonly #advance: Statement;
  #isDone = false;

  constructor(sql: Sql) {
    this.#range = sql.prepare("SELECT after_n, upto_n FROM uncounted");
    this.#next = sql.prepare(
      `SELECT coalesce(max(n), ?2) AS n FROM
         (SELECT n FROM messages WHERE n > ?1 AND n <= ?2 ORDER BY n LIMIT ?3)`,
    );
    this.#sums = sql.prepare(
      `SELECT m.room AS room, sum(octet_length(m.frame)) AS bytes,
         (SELECT name FROM rooms r WHERE r.id = m.room AND r.ended = 0) AS name
       FROM messages m NOT INDEXED WHERE m.n > ? AND m.n <= ? GROUP BY m.room`,
    );
    this.#add = sql.prepare(
      "UPDATE rooms SET byte_count = byte_count + ? WHERE id = ?",
    );
    this.#advance = sql.prepare("UPDATE uncounted SET after_n = ?");
  }

  /** Runs in a transaction of the caller's. @returns what more was found of rooms that go on; null when all is counted */
  slice(): RemovedOfRoom[] | null {
    if (this.#isDone) return null;
    const range = this.#range.get();
    const [after, upto] = [
      numberOf(range, "after_n"),
      numberOf(range, "upto_n"),
    ];
    if (after >= upto) {
      this.#isDone = true;
      return null;
    }
    const next = numberOf(this.#next.get(after, upto, COUNTED_ROWS), "n");
    const found = this.#sums.all(after, next).flatMap((row) => {
      const bytes = numberOf(row, "bytes");
      this.#add.run(bytes, numberOf(row, "room"));
      const room = textOrNone(row, "name");
      return room === undefined ? [] : [{ room, messages: 0, bytes: -bytes }];
    });
    this.#advance.run(next);
    return found;
  }
}
