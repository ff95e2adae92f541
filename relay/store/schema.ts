import { numberOf, type Sql } from "../../lib/sql/sql.ts";

/**
 * Every version of the schema, in order; `PRAGMA user_version` says how many of them a file has had. A released
 * one is never edited: add the next.
 */
export const VERSIONS: readonly string[] = [
  // rooms: `ended` ones wait until their messages are gone, slice by slice; a live name is unique.
  // messages: `n` grows with arrival, so that retention takes the lowest; a message id belongs to its author.
  `CREATE TABLE rooms (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    topic TEXT NOT NULL,
    tags TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_active INTEGER NOT NULL,
    next_seq INTEGER NOT NULL,
    row_count INTEGER NOT NULL DEFAULT 0,
    ended INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE UNIQUE INDEX rooms_live ON rooms (name) WHERE ended = 0;
  CREATE INDEX rooms_ended ON rooms (id) WHERE ended = 1;
  CREATE TABLE messages (
    n INTEGER PRIMARY KEY,
    room INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    author TEXT NOT NULL,
    id TEXT NOT NULL,
    author_name TEXT NOT NULL,
    text_hash TEXT NOT NULL,
    timestamp INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    frame TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX messages_seq ON messages (room, seq);
  CREATE UNIQUE INDEX messages_author ON messages (author, id);
  CREATE INDEX messages_time ON messages (room, timestamp);
  CREATE TABLE nonces (
    agent TEXT NOT NULL,
    nonce TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (agent, nonce)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX nonces_expiry ON nonces (expires_at);
  CREATE TABLE seq_floor (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL) STRICT;
  INSERT INTO seq_floor VALUES (1, 0);`,
  // rooms stay without anybody in them: since when, what they hold, and from where they were made.
  // closed_rooms: names that an operator closed.
  // uncounted: messages above after_n and up to upto_n, from before bytes were counted, are not in byte_count yet.
  `ALTER TABLE rooms ADD COLUMN byte_count INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE rooms ADD COLUMN created_from TEXT NOT NULL DEFAULT '';
  ALTER TABLE rooms ADD COLUMN empty_since INTEGER;
  CREATE INDEX rooms_empty ON rooms (last_active) WHERE ended = 0 AND empty_since IS NOT NULL;
  CREATE TABLE closed_rooms (
    name TEXT PRIMARY KEY,
    until INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX closed_rooms_until ON closed_rooms (until);
  CREATE TABLE uncounted (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    after_n INTEGER NOT NULL,
    upto_n INTEGER NOT NULL
  ) STRICT;
  INSERT INTO uncounted SELECT 1, 0, coalesce(max(n), 0) FROM messages;`,
  // inbox: messages that wait for one agent; request is 1 for one by an agent whom it does not know, and 2 once it has
  // that, when the row alone stays; 3 for a receipt. inbox_bytes: of all of them. known: whom an agent wrote to, or accepted.
  `CREATE TABLE inbox (
    n INTEGER PRIMARY KEY,
    recipient TEXT NOT NULL,
    author TEXT NOT NULL,
    id TEXT NOT NULL,
    author_name TEXT NOT NULL,
    text_hash TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    request INTEGER NOT NULL,
    frame TEXT NOT NULL,
    bytes INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX inbox_author ON inbox (author, id);
  CREATE INDEX inbox_recipient ON inbox (recipient, n, bytes, request);
  CREATE INDEX inbox_received ON inbox (received_at);
  CREATE TABLE inbox_bytes (one INTEGER PRIMARY KEY CHECK (one = 1), bytes INTEGER NOT NULL) STRICT;
  INSERT INTO inbox_bytes VALUES (1, 0);
  CREATE TRIGGER inbox_added AFTER INSERT ON inbox
    BEGIN UPDATE inbox_bytes SET bytes = bytes + NEW.bytes; END;
  CREATE TRIGGER inbox_emptied AFTER UPDATE OF bytes ON inbox
    BEGIN UPDATE inbox_bytes SET bytes = bytes - OLD.bytes + NEW.bytes; END;
  CREATE TRIGGER inbox_removed AFTER DELETE ON inbox
    BEGIN UPDATE inbox_bytes SET bytes = bytes - OLD.bytes; END;
  CREATE TABLE known (
    owner TEXT NOT NULL,
    agent TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (owner, agent)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX known_at ON known (at);`,
  // blobs: files by their hash, whose they are and until when; kept is 0 of one that has not come in yet.
  // blob_total: of all of them, each counted as 64 KB at least.
  `CREATE TABLE blobs (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    address TEXT NOT NULL,
    scope TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    until INTEGER NOT NULL,
    kept INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX blobs_owner ON blobs (owner, bytes);
  CREATE INDEX blobs_address ON blobs (address, bytes);
  CREATE INDEX blobs_scope ON blobs (scope, sha256, bytes);
  CREATE INDEX blobs_hash ON blobs (sha256);
  CREATE INDEX blobs_until ON blobs (until);
  CREATE TABLE blob_total (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    files INTEGER NOT NULL,
    bytes INTEGER NOT NULL
  ) STRICT;
  INSERT INTO blob_total VALUES (1, 0, 0);
  CREATE TRIGGER blobs_added AFTER INSERT ON blobs
    BEGIN UPDATE blob_total SET files = files + 1, bytes = bytes + max(NEW.bytes, 65536); END;
  CREATE TRIGGER blobs_removed AFTER DELETE ON blobs
    BEGIN UPDATE blob_total SET files = files - 1, bytes = bytes - max(OLD.bytes, 65536); END;`,
];

/** Marks a file as a relay's store (`PRAGMA application_id`): "ANrs". */
const APPLICATION_ID = 0x414e7273;

/**
 * Brings a file to this program's schema, in one transaction.
 *
 * @returns why it can't be used, or null. @throws node:sqlite's own errors.
 */
export function migrate(sql: Sql): string | null {
  const trouble = schemaTrouble(sql);
  if (trouble !== null) return trouble;
  const version = pragma(sql, "user_version");
  if (version < VERSIONS.length) upgrade(sql, version);
  return null;
}

/** Why a file is none that this program can bring to its schema; null where it is. @throws node:sqlite's own errors. */
export function schemaTrouble(sql: Sql): string | null {
  const version = pragma(sql, "user_version");
  if (version > VERSIONS.length) {
    return "the database was written by a newer version of this program; run that one";
  }
  if (version > 0 && pragma(sql, "application_id") !== APPLICATION_ID) {
    return "the database belongs to another program; name another data folder";
  }
  return null;
}

function upgrade(sql: Sql, version: number): void {
  sql.exec("BEGIN IMMEDIATE");
  for (const step of VERSIONS.slice(version)) sql.exec(step);
  sql.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  sql.exec(`PRAGMA user_version = ${VERSIONS.length}`);
  sql.exec("COMMIT");
}

/** A pragma that answers with one number. */
export function pragma(
  sql: Sql,
  name:
    | "user_version"
    | "application_id"
    | "page_count"
    | "freelist_count"
    | "page_size",
): number {
  return numberOf(sql.prepare(`PRAGMA ${name}`).get(), name);
}
