import { DatabaseSync } from "node:sqlite";

export type SqlValue = string | number | null;
export type SqlRow = Readonly<Record<string, unknown>>;

/** What the store needs of a prepared statement. */
export interface Statement {
  get(...values: SqlValue[]): SqlRow | undefined;
  all(...values: SqlValue[]): SqlRow[];
  run(...values: SqlValue[]): { readonly changes: number | bigint };
}

/** What the store needs of a database; a test hands in one that fails where it wants. */
export interface Sql {
  readonly isTransaction: boolean;
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

/** @throws node:sqlite's own errors. */
export type OpenSql = (path: string) => Sql;

/**
 * How long SQLite itself waits for a lock, in milliseconds. Short: the worker has heartbeats and reads to answer
 * in between, and tries again ({@link ./group_commit.ts}).
 */
const LOCK_SLICE_MS = 50;

/** The runtime's own SQLite. */
export const openSqlite: OpenSql = (path) =>
  new DatabaseSync(path, { timeout: LOCK_SLICE_MS }) as unknown as Sql;

/** A whole number of a row. @throws TypeError where the column holds none: the schema is not ours. */
export function numberOf(row: SqlRow | undefined, column: string): number {
  const value = row?.[column];
  if (typeof value !== "number") {
    throw new TypeError(`the database holds no number in '${column}'`);
  }
  return value;
}

/** A text of a row. @throws TypeError where the column holds none. */
export function textOf(row: SqlRow | undefined, column: string): string {
  const value = row?.[column];
  if (typeof value !== "string") {
    throw new TypeError(`the database holds no text in '${column}'`);
  }
  return value;
}
