import {
  type Sql,
  type SqlValue,
  type Statement,
  textOf,
} from "../../lib/sql/sql.ts";

/** How far each table was looked at, so that a relay that starts again goes on as the others do. */
const TABLES = `
  CREATE TABLE IF NOT EXISTS view_audit (
    name TEXT PRIMARY KEY,
    after TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;`;

/** Rows of each table that are looked at in one tick: a million messages take nine hours. */
const ROWS = 32;

/** What views have in common, by tables: columns, and the key by which rows come, with what lies before the first. */
const AUDITED = [
  {
    name: "rooms",
    columns:
      "id, name, topic, tags, created_by, created_from, created_at, last_active, next_seq, row_count, byte_count, empty_since, ended",
    key: ["id"],
    before: [0],
  },
  {
    name: "messages",
    columns:
      "n, room, seq, author, id, author_name, text_hash, timestamp, received_at, frame",
    key: ["n"],
    before: [0],
  },
  {
    name: "inbox",
    columns:
      "n, recipient, author, id, author_name, text_hash, received_at, request, frame",
    key: ["n"],
    before: [0],
  },
  {
    name: "view_entries",
    // A seat's times are its relay's own.
    columns: "key, iif(key LIKE 'seat %', '', value) AS value",
    key: ["key"],
    before: [""],
  },
  {
    name: "known",
    columns: "owner, agent, at",
    key: ["owner", "agent"],
    before: ["", ""],
  },
  {
    name: "blobs",
    columns: "id, owner, address, scope, sha256, bytes, until, kept",
    key: ["id"],
    before: [""],
  },
] as const;

type Key = readonly SqlValue[];

/**
 * Looks at some rows of a view with each tick of the log, round and round: the same ones in every view. What they hold goes
 * into the digest, so that a row that was changed on the disk is found, whatever it decides.
 */
export class RowAudit {
  readonly #tables: readonly {
    readonly name: string;
    readonly key: readonly string[];
    readonly before: Key;
    readonly rows: Statement;
  }[];
  readonly #place: Statement;
  readonly #move: Statement;

  /** @param sql a view's, its tables made. @throws node:sqlite's errors, as all here. */
  constructor(sql: Sql) {
    sql.exec(TABLES);
    this.#place = sql.prepare("SELECT after FROM view_audit WHERE name = ?");
    this.#move = sql.prepare("INSERT OR REPLACE INTO view_audit VALUES (?, ?)");
    this.#tables = AUDITED.map(({ name, columns, key, before }) => {
      const keys = key.join(", ");
      const marks = key.map(() => "?").join(", ");
      const rows = sql.prepare(
        `SELECT ${columns} FROM ${name} WHERE (${keys}) > (${marks})
         ORDER BY ${keys} LIMIT ${ROWS}`,
      );
      return { name, key, before, rows };
    });
  }

  /** The next rows, as text; in the transaction of the tick. */
  next(): string {
    return this.#tables.map(({ name, key, before, rows }) => {
      const place = this.#place.get(name);
      const after: Key = place === undefined
        ? before
        : JSON.parse(textOf(place, "after"));
      const found = rows.all(...after);
      const last = found.length < ROWS ? undefined : found.at(-1);
      const next = last === undefined ? before : key.map((one) => last[one]);
      this.#move.run(name, JSON.stringify(next));
      return JSON.stringify(found);
    }).join("\n");
  }
}
