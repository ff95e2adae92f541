import { DatabaseSync } from "node:sqlite";

export type SqlValue = string | number | null | Uint8Array;
export type SqlRow = Readonly<Record<string, unknown>>;

/** What is used of a prepared statement. */
export interface Statement {
  get(...values: SqlValue[]): SqlRow | undefined;
  all(...values: SqlValue[]): SqlRow[];
  iterate(...values: SqlValue[]): Iterable<SqlRow>;
  run(...values: SqlValue[]): {
    readonly changes: number | bigint;
    readonly lastInsertRowid: number | bigint;
  };
}

/** What is used of a database; a test hands in one that fails where it wants. */
export interface Sql {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

/** One that says whether a transaction is open: SQLite itself ends it after some errors. */
export interface TransactionSql extends Sql {
  readonly isTransaction: boolean;
}

/** @throws node:sqlite's own errors. */
export type OpenSql<S extends Sql = Sql> = (path: string) => S;

/**
 * The runtime's own SQLite.
 *
 * @param lockMs how long it waits by itself for a lock of another connection, in milliseconds.
 */
export function sqliteWaiting(lockMs: number): OpenSql<TransactionSql> {
  return (path) =>
    new DatabaseSync(path, { timeout: lockMs }) as unknown as TransactionSql;
}

/** The same, which waits for no lock. */
export const openSqlite: OpenSql = sqliteWaiting(0);

/** A whole number of a row. @throws TypeError where the column holds none: the schema is not ours. */
export function numberOf(row: SqlRow | undefined, column: string): number {
  const value = row?.[column];
  if (typeof value === "number") return value;
  throw new TypeError(`the database holds no number in '${column}'`);
}

/** A whole number of a row, or undefined where it is NULL. */
export function numberOrNone(row: SqlRow, column: string): number | undefined {
  return row[column] === null ? undefined : numberOf(row, column);
}

/** A text of a row. @throws TypeError where the column holds none. */
export function textOf(row: SqlRow | undefined, column: string): string {
  const value = row?.[column];
  if (typeof value === "string") return value;
  throw new TypeError(`the database holds no text in '${column}'`);
}

/** A text of a row, or undefined where it is NULL. */
export function textOrNone(row: SqlRow, column: string): string | undefined {
  return row[column] === null ? undefined : textOf(row, column);
}

/** Bytes of a row. @throws TypeError where the column holds none. */
export function blobOf(row: SqlRow | undefined, column: string): Uint8Array {
  const value = row?.[column];
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`the database holds no bytes in '${column}'`);
}

/** Bytes of a row, or undefined where it is NULL. */
export function blobOrNone(
  row: SqlRow,
  column: string,
): Uint8Array | undefined {
  return row[column] === null ? undefined : blobOf(row, column);
}
