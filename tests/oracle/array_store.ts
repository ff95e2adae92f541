import type {
  HistoryRead,
  RestRead,
  StoreAnswer,
  StoredMessage,
  StoreMessage,
  StoreRequest,
  StoreRoomEmptied,
  StoreRoomOpened,
} from "../../relay/store/contract.ts";

type RoomRead = HistoryRead | RestRead;

interface Kept {
  readonly message: StoreMessage;
  readonly seq: number;
}

interface Room {
  readonly opened: StoreRoomOpened;
  next: number;
  emptySince: number | null;
}

/** The store as one array and one map: the plainest reading of relay/store/contract.ts, without retention. */
export class ArrayStore {
  readonly rooms = new Map<string, Room>();
  #kept: Kept[] = [];
  #floor = 0;

  answer(request: StoreRequest): StoreAnswer {
    const { token } = request;
    switch (request.kind) {
      case "room_opened":
        this.#end(request.room);
        this.rooms.set(request.room, {
          opened: request,
          next: Math.max(request.created_at, this.#floor),
          emptySince: null,
        });
        return { kind: "stored", token };
      case "room_ended":
        this.#end(request.room);
        return { kind: "stored", token };
      case "room_emptied":
        this.#emptied(request);
        return { kind: "stored", token };
      case "nonces":
        return { kind: "stored", token };
      case "message":
        return this.#message(request);
      case "direct":
      case "inbox_taken":
      case "inbox":
        throw new TypeError("inboxes have rules of their own, and tests");
      case "blob_reserved":
      case "blob_kept":
      case "blob_dropped":
      case "blob":
      case "blobs_known":
        throw new TypeError("files have rules of their own, and tests");
      case "batch":
        throw new TypeError("batches are a view's, and this is none");
      default:
        return this.#read(request);
    }
  }

  lastActive(room: string): number {
    const { created_at = 0 } = this.rooms.get(room)?.opened ?? {};
    return Math.max(
      created_at,
      ...this.#of(room).map(({ message }) => message.received_at),
    );
  }

  /** How many messages are kept of a room, and the bytes of their frames. */
  held(room: string): { messages: number; bytes: number } {
    const frames = this.#of(room).map(({ message }) => message.frame);
    const { length: bytes } = new TextEncoder().encode(frames.join(""));
    return { messages: frames.length, bytes };
  }

  #emptied({ room, since }: StoreRoomEmptied): void {
    const known = this.rooms.get(room);
    if (known) known.emptySince = since;
  }

  #end(name: string): void {
    const room = this.rooms.get(name);
    if (!room) return;
    this.#floor = Math.max(this.#floor, room.next);
    this.rooms.delete(name);
    this.#kept = this.#kept.filter(({ message }) => message.room !== name);
  }

  #message(message: StoreMessage): StoreAnswer {
    const { token, received_at } = message;
    const room = this.rooms.get(message.room);
    if (!room) return failed(token, "no_room");
    const earlier = this.#kept.find((one) =>
      one.message.from === message.from && one.message.id === message.id
    );
    if (!earlier) {
      const seq = room.next++;
      this.#kept.push({ message, seq });
      return { kind: "stored", token, seq, received_at };
    }
    const same = earlier.message.room === message.room &&
      earlier.message.text_hash === message.text_hash;
    return same
      ? {
        kind: "stored",
        token,
        seq: earlier.seq,
        received_at: earlier.message.received_at,
        duplicate: true,
      }
      : failed(token, "conflict");
  }

  #of(room: string): Kept[] {
    return this.#kept.filter(({ message }) => message.room === room);
  }

  #read(read: RoomRead): StoreAnswer {
    if (!this.rooms.has(read.room)) return failed(read.token, "no_room");
    const all = this.#of(read.room);
    const { before_seq = Infinity, limit } = read;
    const below = all.filter(({ seq }) => seq < before_seq);
    if (read.kind === "history") {
      const { after_seq } = read;
      return after_seq === undefined
        ? page(read, below.slice(-limit), below.length > limit)
        : cut(read, below.filter(({ seq }) => seq > after_seq));
    }
    return read.before === undefined || read.before_seq !== undefined
      ? cut(read, below.reverse())
      : byTime(read, all.reverse());
  }
}

function byTime(
  read: RoomRead & { before?: number },
  newestFirst: readonly Kept[],
): StoreAnswer {
  const rows = newestFirst
    .filter(({ message }) => message.timestamp < (read.before ?? Infinity))
    .sort((a, b) => b.message.timestamp - a.message.timestamp);
  if (rows.length <= read.limit) return page(read, rows, false);
  const leftOut = rows[read.limit]?.message.timestamp ?? 0;
  const whole = rows.filter(({ message }) => message.timestamp > leftOut);
  if (whole.length > 0) return page(read, whole, true);
  const group = rows.filter(({ message }) => message.timestamp === leftOut);
  return page(read, group, rows.length > group.length);
}

function cut(read: RoomRead, rows: readonly Kept[]): StoreAnswer {
  return page(read, rows.slice(0, read.limit), rows.length > read.limit);
}

function page(
  { token }: RoomRead,
  rows: readonly Kept[],
  has_more: boolean,
): StoreAnswer {
  const messages = rows.map(({ message, seq }): StoredMessage => ({
    seq,
    frame: message.frame,
    from_name: message.from_name,
    received_at: message.received_at,
  }));
  return { kind: "page", token, messages, has_more };
}

function failed(token: number, why: "conflict" | "no_room"): StoreAnswer {
  return { kind: "failed", token, why, reason: "" };
}
