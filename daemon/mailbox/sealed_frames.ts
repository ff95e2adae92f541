import { defined } from "../../lib/defined.ts";
import type { SealedWaiting } from "../../lib/local_api/types/mailbox.ts";
import type { RoomName } from "../../lib/protocol/names.ts";
import {
  numberOf,
  numberOrNone,
  type SqlRow,
  type Statement,
  textOf,
  textOrNone,
} from "../../lib/sql/sql.ts";
import { roomNameOf } from "./checked_columns.ts";
import type { MailboxDatabase } from "./database.ts";

/** What came for a private room, as it came. */
export interface SealedFrame {
  readonly room: RoomName;
  readonly id: string;
  readonly from: string;
  readonly from_name: string;
  readonly text: string;
  readonly timestamp: number;
  readonly received_at: number;
  readonly seq?: number;
  readonly verified: boolean;
  readonly late: boolean;
  /** It came while we were there, though it may be late by its author's time. */
  readonly live: boolean;
}

/** A frame that waits to be opened, or where between two of them messages are missing. */
export type Waiting =
  | { readonly n: number; readonly frame: SealedFrame }
  | { readonly n: number; readonly missing: number | undefined };

/** What the column `late` holds. */
const [IN_TIME, LATE, OUT_OF_TIME] = [0, 1, 2];
/** A room keeps so many that can't be opened, and each so long. */
const MOST_STUCK = 500;
const STUCK_MS = 7 * 24 * 3_600_000;

/** What came for private rooms, in order, until it is opened and in the mailbox. Every method throws FILE_TROUBLE. */
export class SealedFrames {
  readonly #relay: string;
  readonly #add: Statement;
  readonly #next: Statement;
  readonly #stuck: Statement;
  readonly #stick: Statement;
  readonly #loosen: Statement;
  readonly #untold: Statement;
  readonly #tell: Statement;
  readonly #remove: Statement;
  readonly #overdue: Statement;
  readonly #counts: Statement;
  /** Told of each that was added, before it is committed. */
  readonly added: { call: (room: string) => void } = { call: () => undefined };

  constructor(database: MailboxDatabase, relay: string) {
    this.#relay = relay;
    const of = "relay = ? AND name = ?";
    this.#add = database.prepare(
      `INSERT INTO sealed_frames (relay, name, id, author, author_name, text,
         timestamp, received_at, seq, verified, late, missing)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#next = database.prepare(
      `SELECT * FROM sealed_frames WHERE ${of} AND stuck <= 0 ORDER BY n LIMIT ?`,
    );
    this.#stuck = database.prepare(
      `SELECT * FROM sealed_frames WHERE ${of} AND stuck > 0 ORDER BY n`,
    );
    this.#stick = database.prepare(
      "UPDATE sealed_frames SET stuck = CASE stuck WHEN -2 THEN 2 ELSE 1 END WHERE n = ?",
    );
    this.#loosen = database.prepare(
      `UPDATE sealed_frames SET stuck = CASE stuck WHEN 2 THEN -2 ELSE 0 END, late = 1
       WHERE ${of} AND stuck > 0`,
    );
    this.#untold = database.prepare(
      `SELECT name, count(*) AS count, max(n) AS upto FROM sealed_frames
       WHERE relay = ?1 AND stuck = 1 AND name = coalesce(?2, name) GROUP BY name`,
    );
    this.#tell = database.prepare(
      `UPDATE sealed_frames SET stuck = 2 WHERE ${of} AND stuck = 1 AND n <= ?`,
    );
    this.#remove = database.prepare("DELETE FROM sealed_frames WHERE n = ?");
    this.#overdue = database.prepare(
      `DELETE FROM sealed_frames WHERE ${of} AND stuck > 0 AND (received_at < ?
         OR n <= coalesce((SELECT n FROM sealed_frames WHERE ${of} AND stuck > 0
           ORDER BY n DESC LIMIT 1 OFFSET ${MOST_STUCK}), 0))`,
    );
    this.#counts = database.prepare(
      `SELECT name, count(*) AS count FROM sealed_frames
       WHERE relay = ? AND stuck > 0 GROUP BY name`,
    );
  }

  add(frame: SealedFrame): void {
    this.#add.run(
      ...[this.#relay, frame.room, frame.id, frame.from, frame.from_name],
      ...[frame.text, frame.timestamp, frame.received_at, frame.seq ?? null],
      ...[frame.verified ? 1 : 0, lateOf(frame), null],
    );
    this.added.call(frame.room);
  }

  /** Messages are missing behind what was added last. @param missing undefined where nobody knows how many */
  addGap(room: string, missing: number | undefined, now: number): void {
    this.#add.run(
      ...[this.#relay, room, "", "", "", null, now, now, null, 0, 0],
      missing ?? null,
    );
    this.added.call(room);
  }

  /** The oldest ones that were not tried in vain. */
  next(room: string, limit: number): Waiting[] {
    return this.#next.all(this.#relay, room, limit).map(waitingOf);
  }

  /** Those that were. */
  stuck(room: string): Waiting[] {
    return this.#stuck.all(this.#relay, room).map(waitingOf);
  }

  /** It can't be opened yet. */
  stick(n: number): void {
    this.#stick.run(n);
  }

  /** A key came: those that could not be opened are tried again, and are late. */
  loosen(room: string): void {
    this.#loosen.run(this.#relay, room);
  }

  /** Those that can't be opened and of which nothing was shown: by room, or of one alone. */
  untold(room?: string): SealedWaiting[] {
    return this.#untold.all(this.#relay, room ?? null).map((row) => ({
      room: roomNameOf(row, "name"),
      count: numberOf(row, "count"),
      upto: numberOf(row, "upto"),
    }));
  }

  /** It was shown that those up to one of them can't be opened. */
  told({ room, upto }: SealedWaiting): void {
    this.#tell.run(this.#relay, room, upto);
  }

  remove(n: number): void {
    this.#remove.run(n);
  }

  /** Gives up those that wait too long, or are too many. @returns how many */
  giveUp(room: string, now: number): number {
    const of = [this.#relay, room];
    return Number(this.#overdue.run(...of, now - STUCK_MS, ...of).changes);
  }

  /** How many of each room can't be opened yet. */
  counts(): ReadonlyMap<string, number> {
    const rows = this.#counts.all(this.#relay);
    return new Map(
      rows.map((row) => [textOf(row, "name"), numberOf(row, "count")]),
    );
  }
}

function lateOf({ late, live }: SealedFrame): number {
  if (!late) return IN_TIME;
  return live ? OUT_OF_TIME : LATE;
}

function waitingOf(row: SqlRow): Waiting {
  const n = numberOf(row, "n");
  const text = textOrNone(row, "text");
  if (text === undefined) return { n, missing: numberOrNone(row, "missing") };
  return {
    n,
    frame: {
      room: roomNameOf(row, "name"),
      id: textOf(row, "id"),
      from: textOf(row, "author"),
      from_name: textOf(row, "author_name"),
      text,
      timestamp: numberOf(row, "timestamp"),
      received_at: numberOf(row, "received_at"),
      verified: numberOf(row, "verified") === 1,
      late: numberOf(row, "late") !== IN_TIME,
      live: numberOf(row, "late") !== LATE,
      ...defined({ seq: numberOrNone(row, "seq") }),
    },
  };
}
