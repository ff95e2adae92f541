import { isRoomName, type RoomName } from "../../lib/protocol/names.ts";
import { BatchWrites } from "./batch_writes.ts";
import { Commit } from "./commit.ts";
import type { StoreAnswer, StoredRoom, StoreReady } from "./contract.ts";
import type { StoreOptions } from "./store_options.ts";
import { isFault, openDatabase } from "./database.ts";
import { Reads } from "./reads.ts";
import { Retention } from "./retention.ts";
import type { SteadyTime } from "../../lib/steady_time.ts";
import { RoomRows } from "./room_rows.ts";
import {
  numberOf,
  numberOrNone,
  type OpenSql,
  type Sql,
  type SqlRow,
  textOf,
  type TransactionSql,
} from "../../lib/sql/sql.ts";
import { type StorageFault, storageFault } from "./storage_fault.ts";
import { View } from "./view.ts";
import { Writes } from "./writes.ts";

/** Nonces given back at start at most; the newest. */
const MOST_NONCES = 200_000;
/** Names of closed rooms given back at start at most; those remembered longest. */
const MOST_CLOSED = 10_000;

/** The store's parts over one opened database; made anew when the database is. */
export interface OpenedStore {
  readonly sql: TransactionSql;
  readonly commit: Commit;
  readonly reads: Reads;
  readonly retention: Retention;
  /** Of a relay of a cluster alone. */
  readonly view?: View;
}

/** A row that no agent can have made, as large as a frame: whether it can be written says whether messages can. */
const PROBE = "x".repeat(65_536);

/** Tries whether the database takes a message's worth of bytes; nothing of it stays. */
export function tryWriting({ sql, commit }: OpenedStore): StorageFault | null {
  const steps = [
    "INSERT OR REPLACE INTO nonces (agent, nonce, expires_at) VALUES ('', ?, 0)",
    "DELETE FROM nonces WHERE agent = '' AND nonce = ?",
  ];
  for (const step of steps) {
    const outcome = commit.transaction(() => {
      sql.prepare(step).run(PROBE);
      return null;
    });
    if (outcome === "one_failed") return storageFault("a row was not taken");
    if (outcome !== null) return outcome;
  }
  return null;
}

/** Opens the file, or says why it can't be. */
export function openStore(
  path: string,
  { open, options, time }: {
    open: OpenSql<TransactionSql>;
    options: StoreOptions;
    time: SteadyTime;
  },
): OpenedStore | StorageFault {
  const { mostBytes, isView } = options;
  const sql = openDatabase(path, { open, mostBytes, isView });
  if (isFault(sql)) return sql;
  try {
    const rooms = new RoomRows(sql);
    const writes = new Writes(sql, rooms);
    const view = isView ? new View(sql) : undefined;
    const commit = new Commit(sql, {
      rooms,
      writes: {
        apply: (write): StoreAnswer =>
          write.kind === "batch" ? batches.apply(write) : writes.apply(write),
      },
    });
    const retention = new Retention(sql, { commit, limits: options, time });
    const batches = new BatchWrites({ view, rooms, writes, retention });
    const opened = { sql, commit, reads: new Reads(sql), retention };
    return view === undefined ? opened : { ...opened, view };
  } catch (error) {
    sql.close();
    return storageFault(error);
  }
}

/**
 * What stands in the file at start. Costs rooms and nonces, not messages.
 *
 * All nonces and closed names that are left, whatever the clock says now: it may be wrong.
 *
 * @throws node:sqlite's errors
 */
export function readStart(sql: Sql, view?: View): StoreReady {
  const rooms = sql.prepare(
    `SELECT name, topic, tags, created_by, created_from, created_at, last_active,
       empty_since, row_count, byte_count
     FROM rooms WHERE ended = 0`,
  ).all().map(storedRoom);
  const nonces = sql.prepare(
    `SELECT agent, nonce, expires_at FROM nonces
     WHERE expires_at > 0 ORDER BY expires_at DESC LIMIT ?`,
  ).all(MOST_NONCES).map((row) => ({
    agent: textOf(row, "agent"),
    nonce: textOf(row, "nonce"),
    expires_at: numberOf(row, "expires_at"),
  }));
  const closed = sql.prepare(
    "SELECT name, until FROM closed_rooms ORDER BY until DESC LIMIT ?",
  ).all(MOST_CLOSED).map((row) => ({
    room: textOf(row, "name"),
    until: numberOf(row, "until"),
  }));
  const start: StoreReady = { kind: "ready", rooms, nonces, closed };
  return view === undefined ? start : { ...start, view: view.read() };
}

function storedRoom(row: SqlRow): StoredRoom {
  const empty_since = numberOrNone(row, "empty_since");
  return {
    name: roomNameOf(row),
    topic: textOf(row, "topic"),
    tags: tagsOf(textOf(row, "tags")),
    created_by: textOf(row, "created_by"),
    created_at: numberOf(row, "created_at"),
    created_from: textOf(row, "created_from"),
    last_active: numberOf(row, "last_active"),
    messages: numberOf(row, "row_count"),
    bytes: numberOf(row, "byte_count"),
    ...(empty_since === undefined ? {} : { empty_since }),
  };
}

/** @throws TypeError as {@link textOf} where it is none. */
function roomNameOf(row: SqlRow): RoomName {
  const name = textOf(row, "name");
  if (isRoomName(name)) return name;
  throw new TypeError("the store holds no room's name in 'name'");
}

function tagsOf(text: string): string[] {
  const tags: unknown = JSON.parse(text);
  return Array.isArray(tags) ? tags.map(String) : [];
}
