import type { StoreAnswer, StoreWrite } from "./contract.ts";
import type { RoomRows } from "./room_rows.ts";
import type { TransactionSql } from "../../lib/sql/sql.ts";
import {
  knownFault,
  type StorageFault,
  storageFault,
} from "./storage_fault.ts";
import { OutOfPlace } from "./view.ts";

/** Applies single writes inside a transaction. */
export interface Applies {
  /** @throws node:sqlite's errors: the transaction, or the savepoint, is then rolled back. */
  apply(write: StoreWrite): StoreAnswer;
}

/**
 * Commits a group of writes in one transaction; returns once it is on disk. A write that throws costs the others
 * nothing: the group is then done again with a savepoint a write, which the usual case need not pay for.
 */
export class Commit {
  readonly #sql: TransactionSql;
  readonly #rooms: RoomRows;
  readonly #writes: Applies;

  constructor(
    sql: TransactionSql,
    parts: { rooms: RoomRows; writes: Applies },
  ) {
    this.#sql = sql;
    this.#rooms = parts.rooms;
    this.#writes = parts.writes;
  }

  /** The answers in the order of the writes, or the fault for which none of them was written. */
  group(writes: readonly StoreWrite[]): readonly StoreAnswer[] | StorageFault {
    const outcome = this.transaction(() =>
      writes.map((write) => this.#writes.apply(write))
    );
    return outcome !== "one_failed" ? outcome : this.#oneByOne(writes);
  }

  /**
   * Runs `action` in a transaction of its own.
   *
   * @returns "one_failed" where a statement, not the database, was at fault; nothing is written then either
   */
  transaction<T>(action: () => T): T | StorageFault | "one_failed" {
    try {
      this.#sql.exec("BEGIN IMMEDIATE");
    } catch (error) {
      return this.#undone(storageFault(error));
    }
    let result: T;
    try {
      result = action();
      this.#rooms.flush();
    } catch (error) {
      return this.#undone(knownFault(error) ?? "one_failed");
    }
    try {
      this.#sql.exec("COMMIT");
      return result;
    } catch (error) {
      return this.#undone(storageFault(error));
    }
  }

  #oneByOne(
    writes: readonly StoreWrite[],
  ): readonly StoreAnswer[] | StorageFault {
    const outcome = this.transaction(() =>
      writes.map((write) => this.#alone(write))
    );
    return outcome !== "one_failed"
      ? outcome
      : storageFault("a write could not be undone");
  }

  #alone(write: StoreWrite): StoreAnswer {
    this.#sql.exec("SAVEPOINT one");
    try {
      const answer = this.#writes.apply(write);
      this.#rooms.flush();
      this.#sql.exec("RELEASE one");
      return answer;
    } catch (error) {
      if (knownFault(error) || !this.#sql.isTransaction) throw error;
      this.#sql.exec("ROLLBACK TO one; RELEASE one");
      this.#rooms.forget();
      const { reason } = storageFault(error);
      const why = error instanceof OutOfPlace ? "place" : "storage";
      return { kind: "failed", token: write.token, why, reason };
    }
  }

  /** SQLite has rolled back by itself on some faults, a full disk among them. */
  #undone<F>(fault: F): F | StorageFault {
    this.#rooms.forget();
    try {
      if (this.#sql.isTransaction) this.#sql.exec("ROLLBACK");
      return fault;
    } catch (error) {
      return { kind: "broken", reason: storageFault(error).reason };
    }
  }
}
