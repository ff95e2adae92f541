import type { SteadyTime } from "../../lib/steady_time.ts";
import type { Commit } from "./commit.ts";
import type { RemovedOfRoom } from "./contract.ts";
import type { StoreOptions } from "./store_options.ts";
import { FilePages } from "./file_pages.ts";
import { BlobRetention } from "./blob_rows.ts";
import { InboxRetention } from "./inbox_rows.ts";
import { RoomTotals } from "./room_totals.ts";
import {
  numberOf,
  type Sql,
  type SqlRow,
  type Statement,
  textOf,
} from "../../lib/sql/sql.ts";
import type { StorageFault } from "./storage_fault.ts";
import { UncountedBytes } from "./uncounted_bytes.ts";

/** Messages of one slice: a few milliseconds, so that no write waits longer for it. */
export const SLICE_ROWS = 500;
/** Slices of one tick of a cluster's log. */
const TICK_SLICES = 8;
/** Part of the file's greatest size from which the oldest messages go: the last tenth is for what comes meanwhile. */
const FULL_AT = 0.9;
const COLUMNS = "n, room, received_at, octet_length(frame) AS bytes";

/** How long a clock that jumped must have stayed until messages go by it, in milliseconds. */
export const CLOCK_LASTS_MS = 3_600_000;

/** Both clocks at one moment, in milliseconds. */
export interface Moment {
  readonly wall: number;
  readonly mono: number;
}

type Limits = Pick<
  StoreOptions,
  "retainMs" | "retainRows" | "retainRoomRows" | "mostBytes" | "isView"
>;

/**
 * Removes what is not kept, one small transaction at a time: the messages of ended rooms, then those too old, too
 * many in all or in one room, or too many for the file's size, of which rooms with nobody in them lose theirs first;
 * what has expired of nonces and closed names; and free pages.
 */
export class Retention {
  readonly #pages: FilePages;
  readonly #commit: Commit;
  readonly #limits: Limits;
  readonly #ended: Statement;
  readonly #oldest: Statement;
  readonly #oldestOfRoom: Statement;
  readonly #remove: Statement;
  readonly #uncount: Statement;
  readonly #removeRoom: Statement;
  readonly #removeNonces: Statement;
  readonly #removeClosed: Statement;
  readonly #silent: Statement;
  readonly #live: Statement;
  readonly #newest: Statement;
  readonly #time: SteadyTime;
  readonly #uncounted: UncountedBytes;
  readonly #totals: RoomTotals;
  readonly #inboxes: InboxRetention;
  readonly #blobs: BlobRetention;
  #hasBegun = false;
  #removed: RemovedOfRoom[] = [];

  /** @param options.time outlives this: a database that is opened anew is no reason to believe another clock */
  constructor(
    sql: Sql,
    options: { commit: Commit; limits: Limits; time: SteadyTime },
  ) {
    this.#pages = new FilePages(sql);
    this.#time = options.time;
    this.#uncounted = new UncountedBytes(sql);
    this.#totals = new RoomTotals(sql, options.limits.retainRoomRows);
    this.#inboxes = new InboxRetention(sql);
    this.#blobs = new BlobRetention(sql);
    this.#commit = options.commit;
    this.#limits = options.limits;
    this.#ended = sql.prepare("SELECT id FROM rooms WHERE ended = 1 LIMIT 1");
    this.#oldest = sql.prepare(
      `SELECT ${COLUMNS} FROM messages ORDER BY n LIMIT ?`,
    );
    this.#newest = sql.prepare(
      "SELECT received_at FROM messages ORDER BY n DESC LIMIT 1",
    );
    this.#oldestOfRoom = sql.prepare(
      `SELECT ${COLUMNS} FROM messages WHERE room = ? ORDER BY seq LIMIT ?`,
    );
    this.#remove = sql.prepare("DELETE FROM messages WHERE n = ?");
    this.#uncount = sql.prepare(
      "UPDATE rooms SET row_count = row_count - ?, byte_count = byte_count - ? WHERE id = ?",
    );
    this.#removeRoom = sql.prepare("DELETE FROM rooms WHERE id = ?");
    this.#removeNonces = sql.prepare(
      `DELETE FROM nonces WHERE (agent, nonce) IN
         (SELECT agent, nonce FROM nonces WHERE expires_at <= ? LIMIT ?)`,
    );
    this.#removeClosed = sql.prepare(
      `DELETE FROM closed_rooms WHERE name IN
         (SELECT name FROM closed_rooms WHERE until <= ? LIMIT ?)`,
    );
    this.#silent = sql.prepare(
      `SELECT id FROM rooms
       WHERE ended = 0 AND empty_since IS NOT NULL AND row_count > 0
       ORDER BY last_active LIMIT 1`,
    );
    this.#live = sql.prepare(
      "SELECT name FROM rooms WHERE id = ? AND ended = 0",
    );
  }

  /**
   * Does one slice. What goes by its age goes only while the wall clock is believed.
   *
   * @returns whether more may be waiting, or the fault for which nothing was done
   */
  slice(now: Moment): boolean | StorageFault {
    if (this.#limits.isView) return this.#pages.giveBack();
    if (!this.#hasBegun) this.#begin(now);
    const time = this.#time.at(now.wall, now.mono);
    const before = this.#removed.length;
    const removed = this.#commit.transaction(() => this.#removeSome(time));
    if (typeof removed === "number") {
      return removed > 0 || this.#pages.giveBack();
    }
    this.#removed.length = before;
    return removed === "one_failed" ? unexpected() : removed;
  }

  /**
   * Time passed in a cluster's log: removes what is no longer kept by then, the same in every view, in the caller's
   * transaction. How large the file is plays no part, since that differs.
   *
   * @returns what was removed of rooms that go on
   */
  tick(at: number): readonly RemovedOfRoom[] {
    this.#removed = [];
    for (let slice = 0; slice < TICK_SLICES; slice++) {
      const removed = this.#endedRoom() || this.#old(at) || this.#tooMany() ||
        this.#crowdedRoom() || this.#bytesFull() || this.#expired(at);
      if (removed === 0) break;
    }
    return this.takeRemoved();
  }

  /** What was removed of rooms that go on, since the last call. */
  takeRemoved(): readonly RemovedOfRoom[] {
    const removed = this.#removed;
    this.#removed = [];
    return removed;
  }

  /** A clock that agrees with the newest message was right before; where there is none, nothing can be lost. */
  #begin({ wall, mono }: Moment): void {
    this.#hasBegun = true;
    if (this.#time.isKnown) return;
    const newest = this.#newest.get();
    const age = newest === undefined ? 0 : wall -
      numberOf(newest, "received_at");
    if (age >= 0 && age <= CLOCK_LASTS_MS) this.#time.believe(wall, mono);
  }

  /** @param time null while no clock is believed. */
  #removeSome(time: number | null): number {
    return this.#countSome() || this.#endedRoom() ||
      (time === null ? 0 : this.#old(time)) ||
      this.#tooMany() || this.#crowdedRoom() || this.#fileFull() ||
      (time === null ? 0 : this.#expired(time));
  }

  #countSome(): number {
    const found = this.#uncounted.slice();
    if (found === null) return 0;
    this.#removed.push(...found);
    return 1;
  }

  #endedRoom(): number {
    const room = this.#ended.get();
    if (!room) return 0;
    const id = numberOf(room, "id");
    const rows = this.#oldestOfRoom.all(id, SLICE_ROWS);
    if (rows.length < SLICE_ROWS) {
      this.#removeRows(rows);
      this.#removeRoom.run(id);
      return rows.length + 1;
    }
    return this.#removeRows(rows);
  }

  /** Rows lie in the order of arrival: the first one that is young enough ends the search. */
  #old(now: number): number {
    const oldest = now - this.#limits.retainMs;
    const first = this.#oldest.all(1)[0];
    if (!first || numberOf(first, "received_at") >= oldest) return 0;
    const rows = this.#oldest.all(SLICE_ROWS);
    const young = rows.findIndex((row) =>
      numberOf(row, "received_at") >= oldest
    );
    return this.#removeRows(young < 0 ? rows : rows.slice(0, young));
  }

  #tooMany(): number {
    const most = this.#limits.retainRows;
    if (most === undefined) return 0;
    const over = this.#totals.messages - most;
    return over > 0 ? this.#removeOldest(Math.min(over, SLICE_ROWS)) : 0;
  }

  #crowdedRoom(): number {
    const room = this.#totals.crowded();
    if (room === undefined) return 0;
    const over = room.messages - this.#limits.retainRoomRows;
    const slice = Math.min(over, SLICE_ROWS);
    return this.#removeRows(this.#oldestOfRoom.all(room.id, slice));
  }

  #fileFull(): number {
    const most = this.#limits.mostBytes * FULL_AT;
    if (this.#pages.usedBytes() <= most) return 0;
    return this.#removeSilent();
  }

  /** As {@link Retention.#fileFull}, by what rooms hold: a view's rows and indexes take about twice as much. */
  #bytesFull(): number {
    const most = this.#limits.mostBytes * FULL_AT / 2;
    if (this.#totals.bytes <= most) return 0;
    return this.#removeSilent();
  }

  /** Rooms with nobody in them lose theirs first, the longest silent one's before the others'. */
  #removeSilent(): number {
    const silent = this.#silent.get();
    return silent
      ? this.#removeRows(
        this.#oldestOfRoom.all(numberOf(silent, "id"), SLICE_ROWS),
      )
      : this.#removeOldest(SLICE_ROWS);
  }

  #expired(now: number): number {
    return Number(this.#removeNonces.run(now, SLICE_ROWS).changes) +
      Number(this.#removeClosed.run(now, SLICE_ROWS).changes) +
      this.#inboxes.slice(now, SLICE_ROWS) +
      this.#blobs.slice(now, SLICE_ROWS);
  }

  #removeOldest(count: number): number {
    return this.#removeRows(this.#oldest.all(count));
  }

  #removeRows(rows: readonly SqlRow[]): number {
    const gone = new Map<number, { messages: number; bytes: number }>();
    for (const row of rows) {
      const room = numberOf(row, "room");
      const { messages, bytes } = gone.get(room) ?? { messages: 0, bytes: 0 };
      gone.set(room, {
        messages: messages + 1,
        bytes: bytes + numberOf(row, "bytes"),
      });
      this.#remove.run(numberOf(row, "n"));
    }
    for (const [room, { messages, bytes }] of gone) {
      this.#uncount.run(messages, bytes, room);
      const live = this.#live.get(room);
      if (live) {
        this.#removed.push({ room: textOf(live, "name"), messages, bytes });
      }
    }
    return rows.length;
  }
}

function unexpected(): StorageFault {
  return { kind: "broken", reason: "old messages could not be removed" };
}
