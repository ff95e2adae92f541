import { makeDatabaseFile } from "../../lib/sql/database_file.ts";
import { migrate, pragma } from "./schema.ts";
import type { OpenSql, Sql, TransactionSql } from "../../lib/sql/sql.ts";
import { type StorageFault, storageFault } from "./storage_fault.ts";

/**
 * - auto_vacuum before the first table, or it has no effect.
 * - WAL and FULL: one fsync a commit, and what was committed survives a power cut (sqlite.org/pragma.html); OFF for a
 *   view, whose log is on disks already.
 * - a checkpoint each 16 MB of log: each costs two fsyncs more; the log's file is cut back after a burst.
 * - 32 MB of cache: the index by (author, id) is hit at random.
 */
const PRAGMAS = `
  PRAGMA auto_vacuum = INCREMENTAL;
  PRAGMA journal_mode = WAL;
  PRAGMA wal_autocheckpoint = 4000;
  PRAGMA journal_size_limit = 67108864;
  PRAGMA cache_size = -32768;
  PRAGMA temp_store = MEMORY;
  PRAGMA trusted_schema = OFF;`;

/**
 * Opens the store's file, made if it is not there, with this program's schema. Nothing is scanned: a large file
 * opens as fast as a small one.
 *
 * @param options.mostBytes the file never grows past it
 */
export function openDatabase(
  path: string,
  options: {
    readonly open: OpenSql<TransactionSql>;
    readonly mostBytes: number;
    readonly isView: boolean;
  },
): TransactionSql | StorageFault {
  let sql: TransactionSql | undefined;
  try {
    makeDatabaseFile(path);
    sql = options.open(path);
    sql.exec(PRAGMAS);
    sql.exec(`PRAGMA synchronous = ${options.isView ? "OFF" : "FULL"}`);
    const refusal = migrate(sql);
    if (refusal === null) {
      limitSize(sql, options.mostBytes);
      return sql;
    }
    sql.close();
    return { kind: "broken", reason: refusal };
  } catch (error) {
    return closing(sql, fileFault(error));
  }
}

/** Tells an opened database from a fault. */
export function isFault(
  outcome: object,
): outcome is StorageFault {
  return "reason" in outcome && "kind" in outcome;
}

function limitSize(sql: Sql, mostBytes: number): void {
  const pages = Math.max(1, Math.floor(mostBytes / pragma(sql, "page_size")));
  sql.exec(`PRAGMA max_page_count = ${pages}`);
}

function fileFault(error: unknown): StorageFault {
  if (error instanceof Deno.errors.PermissionDenied) {
    return storageFault("read-only");
  }
  return error instanceof Deno.errors.NotFound
    ? storageFault("unable to open database file")
    : storageFault(error);
}

function closing(sql: Sql | undefined, fault: StorageFault): StorageFault {
  try {
    sql?.close();
    return fault;
  } catch (error) {
    const also = storageFault(error).reason;
    return { kind: "broken", reason: `${fault.reason}; ${also}` };
  }
}
