import {
  type OpenSql,
  sqliteWaiting,
  type TransactionSql,
} from "../../lib/sql/sql.ts";

/**
 * How long SQLite itself waits for a lock, in milliseconds. Short: the worker has heartbeats and reads to answer
 * in between, and tries again ({@link ./group_commit.ts}).
 */
const LOCK_SLICE_MS = 50;

/** The store's SQLite. */
export const openSqlite: OpenSql<TransactionSql> = sqliteWaiting(LOCK_SLICE_MS);
