import { Failure } from "../../lib/errors.ts";
import { makeDatabaseFile } from "../../lib/sql/database_file.ts";
import type { OpenSql, Sql, Statement } from "../../lib/sql/sql.ts";
import { DamageNote, isDamage } from "./damage.ts";
import { isNewer, migrate } from "./migration.ts";
import { checkStoredRows } from "./stored_rows.ts";

/**
 * WAL with NORMAL: a kill loses nothing that was committed; a power cut may take back the last commits, whole, after
 * which the same messages are fetched again. What nobody could fetch again is written by {@link
 * MailboxDatabase.durably} (sqlite.org/pragma.html#pragma_synchronous).
 */
const PRAGMAS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA journal_size_limit = 8388608;
  PRAGMA temp_store = MEMORY;
  PRAGMA trusted_schema = OFF;`;

export interface OpenedMailbox {
  readonly database: MailboxDatabase;
  /** What `status` has to say: a file moved aside, or a mailbox without a file. */
  readonly warnings: readonly string[];
}

export interface OpenMailboxOptions {
  readonly open: OpenSql;
  /** Milliseconds since 1970, for the name of a file moved aside. */
  readonly now: number;
  /** Makes the file, for its owner alone; default: the runtime's own way. */
  readonly create?: (path: string) => void;
}

/**
 * Opens the mailbox's file, made 0600 if it is not there. A damaged one is moved aside and made anew; when there can
 * be no file at all, the mailbox lives in memory. A newer program's is left just as it is, and nothing stands in for
 * it: its messages, rooms and sends are whole, and that program has them.
 *
 * @throws Failure FILE_TROUBLE for a newer program's file alone.
 */
export function openMailbox(
  path: string,
  options: OpenMailboxOptions,
): OpenedMailbox {
  try {
    if (new DamageNote(path).isThere) return rebuilt(path, options);
    return { database: openFile(path, options), warnings: [] };
  } catch (error) {
    if (error instanceof Failure) throw error;
    return isDamage(error)
      ? rebuilt(path, options)
      : inMemory(options, reasonOf(error));
  }
}

function openFile(
  path: string,
  { open, create = makeDatabaseFile }: OpenMailboxOptions,
): MailboxDatabase {
  create(path);
  const sql = open(path);
  try {
    if (isNewer(sql)) throw newerFile(path);
    sql.exec(PRAGMAS);
    const answer = sql.prepare("PRAGMA quick_check(1)").get();
    if (answer?.quick_check !== "ok") throw new Error("database is malformed");
    migrate(sql);
    checkStoredRows(sql);
    const note = new DamageNote(path);
    return new MailboxDatabase(sql, () => void note.write());
  } catch (error) {
    sql.close();
    throw error;
  }
}

function newerFile(path: string): Failure {
  return new Failure("FILE_TROUBLE", {
    fields: {
      action: "open",
      path,
      reason: "a newer agentnet wrote it",
      fix: "start that version again, or use another folder: --data-dir",
    },
  });
}

function rebuilt(path: string, options: OpenMailboxOptions): OpenedMailbox {
  const aside = `${path}.damaged-${options.now}`;
  try {
    for (const suffix of ["", "-wal", "-shm"]) {
      moveIfThere(path + suffix, aside + suffix);
    }
    const note = new DamageNote(path);
    if (note.isThere) note.remove();
    const database = openFile(path, options);
    database.startCursorsAt(Math.floor(options.now / 1000));
    const name = aside.slice(aside.lastIndexOf("/") + 1);
    return {
      database,
      warnings: [
        `the mailbox's file was damaged: it was kept as ${name} and an empty one was made; join your rooms again, mute and pin again`,
      ],
    };
  } catch (error) {
    return inMemory(options, reasonOf(error));
  }
}

function moveIfThere(from: string, to: string): void {
  try {
    Deno.renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function inMemory(options: OpenMailboxOptions, reason: string): OpenedMailbox {
  const sql = options.open(":memory:");
  migrate(sql);
  const database = new MailboxDatabase(sql);
  database.startCursorsAt(Math.floor(options.now / 1000));
  return {
    database,
    warnings: [
      `the mailbox is kept in memory alone and ends with the daemon: ${reason}`,
    ],
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The mailbox's file. What SQLite throws comes out as a `Failure` FILE_TROUBLE, whatever was begun is undone. */
export class MailboxDatabase {
  readonly #sql: Sql;
  readonly #damaged: () => void;
  #depth = 0;

  /** @param damaged called each time that the file shows to be damaged */
  constructor(sql: Sql, damaged: () => void = () => {}) {
    this.#sql = sql;
    this.#damaged = damaged;
  }

  prepare(text: string): Statement {
    const statement = this.#guarded(() => this.#sql.prepare(text));
    return {
      get: (...values) => this.#guarded(() => statement.get(...values)),
      all: (...values) => this.#guarded(() => statement.all(...values)),
      iterate: (...values) => this.#guarded(() => statement.iterate(...values)),
      run: (...values) => this.#guarded(() => statement.run(...values)),
    };
  }

  /** All or nothing; within another one, part of that. */
  transaction<T>(action: () => T): T {
    if (this.#depth > 0) return action();
    this.#guarded(() => this.#sql.exec("BEGIN IMMEDIATE"));
    this.#depth++;
    try {
      const result = action();
      this.#guarded(() => this.#sql.exec("COMMIT"));
      return result;
    } catch (error) {
      this.#undo();
      throw error;
    } finally {
      this.#depth--;
    }
  }

  /** The same, on the disk itself when it returns. */
  durably<T>(action: () => T): T {
    if (this.#depth > 0) return action();
    this.#guarded(() => this.#sql.exec("PRAGMA synchronous = FULL"));
    try {
      return this.transaction(action);
    } finally {
      this.#guarded(() => this.#sql.exec("PRAGMA synchronous = NORMAL"));
    }
  }

  /** So that no cursor of a mailbox that was lost is given out again: one a second is more than any had. */
  startCursorsAt(cursor: number): void {
    this.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)")
      .run("messages", cursor);
  }

  close(): void {
    this.#guarded(() => this.#sql.close());
  }

  #guarded<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      if (isDamage(error)) this.#damaged();
      throw fileTrouble(error);
    }
  }

  /** SQLite itself has rolled back after some errors, a full disk among them; then there is nothing to undo. */
  #undo(): void {
    try {
      this.#sql.exec("ROLLBACK");
    } catch (error) {
      if (!/no transaction is active/.test(reasonOf(error))) {
        throw fileTrouble(error);
      }
    }
  }
}

function fileTrouble(cause: unknown): Failure {
  if (cause instanceof Failure) return cause;
  const damage = isDamage(cause)
    ? { fix: "restart the daemon: it puts a damaged mailbox aside" }
    : {};
  return new Failure("FILE_TROUBLE", {
    fields: {
      action: "use",
      path: "the mailbox",
      reason: reasonOf(cause),
      ...damage,
    },
    cause,
  });
}
