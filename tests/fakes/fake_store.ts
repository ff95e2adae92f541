import type {
  HistoryRead,
  RestRead,
  StoreAnswer,
  StoredMessage,
  StoreMessage,
  StoreRequest,
} from "../../relay/store/contract.ts";

interface Row extends StoredMessage {
  readonly hash: string;
  readonly timestamp: number;
}

/** The store's contract over plain arrays: no disk, answers at once. */
export class FakeStore {
  /** Rows by room; a room that isn't there has none. */
  readonly rooms = new Map<string, Row[]>();
  readonly #byId = new Map<string, { room: string; row: Row }>();
  /** Set to make every write fail, as a full disk does. */
  isBroken = false;
  readonly requests: StoreRequest[] = [];

  answer(request: StoreRequest): StoreAnswer {
    this.requests.push(request);
    const { token } = request;
    switch (request.kind) {
      case "history":
      case "rest_history":
        return this.#page(request);
      case "message":
        return this.#broken(token) ?? this.#message(request);
      case "room_opened":
        if (!this.isBroken) this.rooms.set(request.room, []);
        return this.#broken(token) ?? { kind: "stored", token };
      case "room_ended":
        if (!this.isBroken) this.rooms.delete(request.room);
        return this.#broken(token) ?? { kind: "stored", token };
      case "inbox":
        return { kind: "page", token, messages: [], has_more: false };
      case "batch":
        return { kind: "failed", token, why: "storage", reason: "no view" };
      // Inboxes and files are the real store's: a DiskStore has them.
      case "blob":
        return { kind: "blob", token, blob: null };
      case "blobs_known":
        return { ...request, files: 0, bytes: 0 };
      case "blob_reserved":
      case "blob_kept":
      case "blob_dropped":
      case "direct":
      case "inbox_taken":
      case "room_emptied":
      case "nonces":
        return this.#broken(token) ?? { kind: "stored", token };
    }
  }

  #broken(token: number): StoreAnswer | null {
    if (!this.isBroken) return null;
    return { kind: "failed", token, why: "storage", reason: "disk full" };
  }

  #message(message: StoreMessage): StoreAnswer {
    const { token, room } = message;
    const rows = this.rooms.get(room);
    if (rows === undefined) return failed(token, "no_room");
    const key = `${message.from} ${message.id}`;
    const earlier = this.#byId.get(key);
    if (earlier !== undefined) {
      const { row } = earlier;
      const isSame = row.hash === message.text_hash && earlier.room === room;
      if (!isSame) return failed(token, "conflict");
      const { seq, received_at } = row;
      return { kind: "stored", token, seq, received_at, duplicate: true };
    }
    const { frame, from_name, received_at, timestamp, text_hash: hash } =
      message;
    const seq = (rows.at(-1)?.seq ?? 0) + 1;
    const row = { seq, frame, from_name, received_at, timestamp, hash };
    rows.push(row);
    this.#byId.set(key, { room, row });
    return { kind: "stored", token, seq, received_at };
  }

  #page(read: HistoryRead | RestRead): StoreAnswer {
    const { token, limit } = read;
    const rows = (this.rooms.get(read.room) ?? [])
      .filter(({ seq }) => seq < (read.before_seq ?? Infinity));
    if (read.kind === "rest_history") {
      const found = rows
        .filter(({ timestamp }) => timestamp < (read.before ?? Infinity))
        .reverse();
      const has_more = found.length > limit;
      return { kind: "page", token, messages: found.slice(0, limit), has_more };
    }
    const { after_seq } = read;
    const found = rows.filter(({ seq }) => seq > (after_seq ?? -1));
    const messages = after_seq === undefined
      ? found.slice(-limit)
      : found.slice(0, limit);
    const has_more = found.length > messages.length;
    return { kind: "page", token, messages, has_more };
  }
}

function failed(token: number, why: "conflict" | "no_room"): StoreAnswer {
  return { kind: "failed", token, why, reason: why };
}
