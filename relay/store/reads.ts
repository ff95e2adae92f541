import {
  type HistoryRead,
  REST_GROUP_ROWS,
  type RestRead,
  type StoreAnswer,
  type StoredMessage,
  type StoreRead,
} from "./contract.ts";
import {
  numberOf,
  type Sql,
  type Statement,
  textOf,
} from "../../lib/sql/sql.ts";
import { BlobReads } from "./blob_rows.ts";
import { InboxReads } from "./inbox_rows.ts";
import { noRoom } from "./writes.ts";

type RoomRead = HistoryRead | RestRead;

/** A row that may come into a page; its frame is fetched only if it does. */
interface Candidate {
  readonly n: number;
  readonly timestamp: number;
  readonly bytes: number;
}

/** Characters that a page adds to each frame: field names and numbers. */
const ROW_BYTES = 100;
/** Above every seq and timestamp that occurs; SQLite takes it as it is. */
const NO_BOUND = Number.MAX_SAFE_INTEGER;
const COLUMNS =
  `n, timestamp, octet_length(frame) + octet_length(author_name) + ${ROW_BYTES} AS bytes`;

/** Pages of rooms' histories, what waits in inboxes, and which files there are, from what is committed. */
export class Reads {
  readonly #room: Statement;
  readonly #upward: Statement;
  readonly #downward: Statement;
  readonly #byTime: Statement;
  readonly #row: Statement;
  readonly #inboxes: InboxReads;
  readonly #blobs: BlobReads;

  constructor(sql: Sql) {
    this.#inboxes = new InboxReads(sql);
    this.#blobs = new BlobReads(sql);
    this.#room = sql.prepare(
      "SELECT id FROM rooms WHERE name = ? AND ended = 0",
    );
    const inRoom = `SELECT ${COLUMNS} FROM messages WHERE room = ?`;
    this.#upward = sql.prepare(
      `${inRoom} AND seq > ? AND seq < ? ORDER BY seq LIMIT ?`,
    );
    this.#downward = sql.prepare(
      `${inRoom} AND seq < ? ORDER BY seq DESC LIMIT ?`,
    );
    this.#byTime = sql.prepare(
      `${inRoom} AND timestamp < ? ORDER BY timestamp DESC, n DESC LIMIT ?`,
    );
    this.#row = sql.prepare(
      "SELECT seq, frame, author_name, received_at FROM messages WHERE n = ?",
    );
  }

  /** @throws node:sqlite's errors. */
  page(read: StoreRead): StoreAnswer {
    if (read.kind === "inbox") return this.#inboxes.page(read);
    if (read.kind === "blob" || read.kind === "blobs_known") {
      return this.#blobs.answer(read);
    }
    const room = this.#room.get(read.room);
    if (!room) return noRoom(read.token);
    const id = numberOf(room, "id");
    return read.kind === "history"
      ? this.#history(read, id)
      : this.#rest(read, id);
  }

  #history(read: HistoryRead, room: number): StoreAnswer {
    const { after_seq, before_seq = NO_BOUND, limit } = read;
    if (after_seq === undefined) {
      const found = this.#below(room, before_seq, limit);
      return this.#newest(read, found, { oldestFirst: true });
    }
    const found = candidates(
      this.#upward.all(room, after_seq, before_seq, limit + 1),
    );
    const size = fitting(found, read);
    return this.#answer(read, found, size);
  }

  #rest(read: RestRead, room: number): StoreAnswer {
    const { before, before_seq, limit } = read;
    if (before === undefined || before_seq !== undefined) {
      const found = this.#below(room, before_seq ?? NO_BOUND, limit);
      return this.#newest(read, found, { oldestFirst: false });
    }
    const found = candidates(this.#byTime.all(room, before, limit + 1));
    const size = fitting(found, read);
    const whole = size === found.length ? size : wholeGroups(found, size);
    if (whole > 0 || found.length === 0) {
      return this.#answer(read, found, whole);
    }
    return this.#oneGroup(read, { room, before });
  }

  /** The first timestamp alone overfills the page: all of it that fits into the page's bytes. */
  #oneGroup(
    read: RestRead,
    { room, before }: { room: number; before: number },
  ): StoreAnswer {
    const limit = REST_GROUP_ROWS;
    const found = candidates(this.#byTime.all(room, before, limit + 1));
    const most = fitting(found, { limit, most_bytes: read.most_bytes });
    const first = found[0]?.timestamp;
    const other = found.findIndex((row) => row.timestamp !== first);
    return this.#answer(read, found, other < 0 ? most : Math.min(most, other));
  }

  #below(room: number, seq: number, limit: number): Candidate[] {
    return candidates(this.#downward.all(room, seq, limit + 1));
  }

  #newest(
    read: RoomRead,
    found: readonly Candidate[],
    { oldestFirst }: { oldestFirst: boolean },
  ): StoreAnswer {
    const size = fitting(found, read);
    const page = found.slice(0, size);
    if (oldestFirst) page.reverse();
    return this.#page(read, page, found.length > size);
  }

  #answer(
    read: RoomRead,
    found: readonly Candidate[],
    size: number,
  ): StoreAnswer {
    return this.#page(read, found.slice(0, size), found.length > size);
  }

  #page(
    { token }: RoomRead,
    rows: readonly Candidate[],
    has_more: boolean,
  ): StoreAnswer {
    const messages = rows.map(({ n }) => this.#fetch(n));
    return { kind: "page", token, messages, has_more };
  }

  #fetch(n: number): StoredMessage {
    const row = this.#row.get(n);
    return {
      seq: numberOf(row, "seq"),
      frame: textOf(row, "frame"),
      from_name: textOf(row, "author_name"),
      received_at: numberOf(row, "received_at"),
    };
  }
}

function candidates(rows: ReturnType<Statement["all"]>): Candidate[] {
  return rows.map((row) => ({
    n: numberOf(row, "n"),
    timestamp: numberOf(row, "timestamp"),
    bytes: numberOf(row, "bytes"),
  }));
}

/** How many rows from the first fit; one always does. */
function fitting(
  rows: readonly Candidate[],
  { limit, most_bytes }: { limit: number; most_bytes: number },
): number {
  let bytes = 0;
  const most = Math.min(rows.length, Math.max(1, limit));
  for (let size = 0; size < most; size++) {
    bytes += rows[size]?.bytes ?? 0;
    if (bytes > most_bytes && size > 0) return size;
  }
  return most;
}

/** The page cut back so that the first row left out shares its timestamp with no row in it; 0 where nothing is left. */
function wholeGroups(rows: readonly Candidate[], size: number): number {
  const leftOut = rows[size]?.timestamp;
  let whole = size;
  while (whole > 0 && rows[whole - 1]?.timestamp === leftOut) whole -= 1;
  return whole;
}
