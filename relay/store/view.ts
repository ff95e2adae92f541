import { decisions } from "./decisions.ts";
import { RowAudit } from "./row_audit.ts";
import {
  numberOf,
  type Sql,
  type Statement,
  textOf,
} from "../../lib/sql/sql.ts";
import type {
  StoreAnswer,
  StoreBatch,
  StoredView,
  ViewEntry,
} from "./contract.ts";

/** What a view has beside a relay's own tables: how far it has come, and keys and values of the rules'. */
const TABLES = `
  CREATE TABLE IF NOT EXISTS view_place (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    log TEXT NOT NULL,
    position INTEGER NOT NULL,
    at INTEGER NOT NULL,
    ops INTEGER NOT NULL,
    digest TEXT NOT NULL
  ) STRICT;
  INSERT OR IGNORE INTO view_place VALUES (1, '', 0, 0, 0, '');
  CREATE TABLE IF NOT EXISTS view_entries (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;`;

/** Most ops from one checkpoint to the next; a tick of the log's time is one, too. */
const CHECKPOINT_OPS = 1_000;

/** A batch does not follow upon what the view has. */
export class OutOfPlace extends Error {}

type Checkpoint = { readonly ops: number; readonly digest: string };

/** Loaded when it is called, by a cluster's relay alone: it would cost the store of each relay two megabytes. */
function sha256() {
  return process.getBuiltinModule("node:crypto").createHash("sha256");
}

/** How far the view of a cluster's log has come, and what the rules keep in it beside rows. */
export class View {
  readonly #place: Statement;
  readonly #move: Statement;
  readonly #entries: Statement;
  readonly #put: Statement;
  readonly #remove: Statement;
  readonly #audit: RowAudit;

  /** @throws node:sqlite's errors. */
  constructor(sql: Sql) {
    sql.exec(TABLES);
    this.#audit = new RowAudit(sql);
    this.#place = sql.prepare(
      "SELECT log, position, at, ops, digest FROM view_place",
    );
    this.#move = sql.prepare(
      "UPDATE view_place SET log = ?, position = ?, at = ?, ops = ?, digest = ?",
    );
    this.#entries = sql.prepare(
      "SELECT key, value FROM view_entries ORDER BY key",
    );
    this.#put = sql.prepare(
      "INSERT OR REPLACE INTO view_entries VALUES (?, ?)",
    );
    this.#remove = sql.prepare("DELETE FROM view_entries WHERE key = ?");
  }

  /** As it stands on disk. */
  read(): StoredView {
    const place = this.#place.get();
    const entries = this.#entries.all().map((row): ViewEntry => [
      textOf(row, "key"),
      textOf(row, "value"),
    ]);
    return {
      log: textOf(place, "log"),
      position: numberOf(place, "position"),
      at: numberOf(place, "at"),
      ops: numberOf(place, "ops"),
      entries,
    };
  }

  /**
   * Goes on past a batch, in the transaction of its rows.
   *
   * @throws OutOfPlace; node:sqlite's errors
   * @returns the digest of all that was decided so far, and of the rows that were looked at, where time passes or a thousand ops are passed
   */
  advance(
    { log, after, position, at, ops, rules, rows, entries, isTick }: StoreBatch,
    answers: readonly StoreAnswer[],
  ): Checkpoint | undefined {
    const place = this.#place.get();
    const stands = numberOf(place, "position");
    if (stands !== after) {
      throw new OutOfPlace(`the view stands at ${stands}, not at ${after}`);
    }
    const digest = sha256().update(textOf(place, "digest"))
      .update(`${rules}\n`).update(decisions(rows, answers))
      .update(isTick ? this.#audit.next() : "").digest("hex");
    this.#move.run(log, position, at, ops, digest);
    for (const [key, value] of entries) {
      if (value === null) this.#remove.run(key);
      else this.#put.run(key, value);
    }
    const before = Math.floor(numberOf(place, "ops") / CHECKPOINT_OPS);
    const isPassed = before < Math.floor(ops / CHECKPOINT_OPS);
    return isTick || isPassed ? { ops, digest } : undefined;
  }
}
