import { utf8Bytes } from "../../lib/protocol/names.ts";
import type {
  StoreMessage,
  StoreRoomEnded,
  StoreRoomOpened,
} from "./contract.ts";
import {
  numberOf,
  type Sql,
  type SqlRow,
  type Statement,
} from "../../lib/sql/sql.ts";

/** A live room within the transaction in hand. */
export interface RoomRow {
  readonly id: number;
  nextSeq: number;
  lastActive: number;
  /** Messages added and not yet counted in the row, and the bytes of their frames. */
  added: number;
  addedBytes: number;
}

/** Rooms remembered at most; past that all are forgotten, and read again when needed. */
const MOST_REMEMBERED = 20_000;

/**
 * The rows of live rooms, remembered between commits. Their counters are written once a transaction, by
 * {@link flush}, not once a message. After a rollback {@link forget} must be called.
 */
export class RoomRows {
  readonly #rows = new Map<string, RoomRow>();
  readonly #changed = new Set<RoomRow>();
  readonly #find: Statement;
  readonly #write: Statement;
  readonly #insert: Statement;
  readonly #end: Statement;
  readonly #empty: Statement;
  readonly #close: Statement;
  readonly #reopen: Statement;
  readonly #floor: Statement;
  readonly #raiseFloor: Statement;

  constructor(sql: Sql) {
    this.#find = sql.prepare(
      "SELECT id, next_seq, last_active FROM rooms WHERE name = ? AND ended = 0",
    );
    this.#write = sql.prepare(
      "UPDATE rooms SET next_seq = ?, last_active = ?, row_count = row_count + ?, byte_count = byte_count + ? WHERE id = ?",
    );
    this.#insert = sql.prepare(
      `INSERT INTO rooms (name, topic, tags, created_by, created_from, created_at, last_active, next_seq)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#end = sql.prepare("UPDATE rooms SET ended = 1 WHERE id = ?");
    this.#empty = sql.prepare("UPDATE rooms SET empty_since = ? WHERE id = ?");
    this.#close = sql.prepare(
      "INSERT OR REPLACE INTO closed_rooms (name, until) VALUES (?, ?)",
    );
    this.#reopen = sql.prepare("DELETE FROM closed_rooms WHERE name = ?");
    this.#floor = sql.prepare("SELECT seq FROM seq_floor");
    this.#raiseFloor = sql.prepare(
      "UPDATE seq_floor SET seq = max(seq, ?)",
    );
  }

  find(name: string): RoomRow | undefined {
    const known = this.#rows.get(name);
    if (known) return known;
    const row = this.#find.get(name);
    if (!row) return undefined;
    return this.#remember(name, row);
  }

  /** Counts a message that was inserted with `room.nextSeq`. */
  count(
    room: RoomRow,
    { received_at, frame }: Pick<StoreMessage, "received_at" | "frame">,
  ): void {
    room.nextSeq += 1;
    room.added += 1;
    room.addedBytes += utf8Bytes(frame);
    room.lastActive = Math.max(room.lastActive, received_at);
    this.#changed.add(room);
  }

  /** Opens a room, after ending one of the same name that is still there. */
  open(room: StoreRoomOpened): void {
    this.#endIfThere(room.room);
    this.#reopen.run(room.room);
    const floor = numberOf(this.#floor.get(), "seq");
    this.#insert.run(
      room.room,
      room.topic,
      JSON.stringify(room.tags),
      room.created_by,
      room.created_from,
      room.created_at,
      room.created_at,
      Math.max(room.created_at, floor),
    );
  }

  /** Marks a room as ended: from here it is gone for everyone; its messages are removed later, in slices. */
  end({ room, closed_until }: StoreRoomEnded): void {
    this.#endIfThere(room);
    if (closed_until !== undefined) this.#close.run(room, closed_until);
  }

  /** Notes since when nobody is in it. */
  emptied(name: string, since: number | null): void {
    const room = this.find(name);
    if (room) this.#empty.run(since, room.id);
  }

  #endIfThere(name: string): void {
    const room = this.find(name);
    if (!room) return;
    this.flush();
    this.#raiseFloor.run(room.nextSeq);
    this.#end.run(room.id);
    this.#rows.delete(name);
  }

  /** Writes the counters that changed; to be called before each commit. */
  flush(): void {
    for (const room of this.#changed) {
      const { nextSeq, lastActive, added, addedBytes, id } = room;
      this.#write.run(nextSeq, lastActive, added, addedBytes, id);
      room.added = 0;
      room.addedBytes = 0;
    }
    this.#changed.clear();
  }

  /** After a rollback: what is remembered may never have been written. */
  forget(): void {
    this.#rows.clear();
    this.#changed.clear();
  }

  #remember(name: string, row: SqlRow): RoomRow {
    if (this.#rows.size >= MOST_REMEMBERED) {
      this.flush();
      this.#rows.clear();
    }
    const room: RoomRow = {
      id: numberOf(row, "id"),
      nextSeq: numberOf(row, "next_seq"),
      lastActive: numberOf(row, "last_active"),
      added: 0,
      addedBytes: 0,
    };
    this.#rows.set(name, room);
    return room;
  }
}
