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

/** The database's files, as the system sees them past the connection that has them open. */
export interface DatabaseFiles {
  /** Names database and log by device and inode, whatever is in them; null for one that is not there. */
  readonly ids: (path: string) => readonly (string | null)[];
  /** Reads a little of each table with a connection of its own, which remembers nothing. Throws node:sqlite's errors. */
  readonly look: (path: string) => void;
}

/** On the disk. Files are asked for, never opened: closing one would let go of SQLite's locks on it. */
export const diskDatabase: DatabaseFiles = {
  ids: (path) => [fileId(path), fileId(`${path}-wal`)],
  look: (path) => {
    const sql = openSqlite(path);
    try {
      for (const look of LOOKS) sql.prepare(look).get();
    } finally {
      sql.close();
    }
  },
};

const LOOKS = [
  "SELECT max(id) FROM rooms",
  "SELECT max(n) FROM messages",
  "SELECT min(expires_at) FROM nonces",
  "SELECT seq FROM seq_floor",
];

function fileId(path: string): string | null {
  try {
    const { dev, ino } = Deno.statSync(path);
    return `${dev}:${ino}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
