import type {
  StoreAnswer,
  StoreMessage,
  StoreNonces,
  StoreRow,
} from "./contract.ts";
import { roomScope } from "../../lib/blobs/blob_scope.ts";
import { BlobRows } from "./blob_rows.ts";
import { InboxRows } from "./inbox_rows.ts";
import type { RoomRow, RoomRows } from "./room_rows.ts";
import {
  numberOf,
  type Sql,
  type SqlRow,
  type Statement,
} from "../../lib/sql/sql.ts";

/** Applies single writes inside a transaction that the caller begins and commits. */
export class Writes {
  readonly #rooms: RoomRows;
  readonly #insert: Statement;
  readonly #earlier: Statement;
  readonly #remove: Statement;
  readonly #uncount: Statement;
  readonly #nonce: Statement;
  readonly #inboxes: InboxRows;
  readonly #blobs: BlobRows;

  constructor(sql: Sql, rooms: RoomRows) {
    this.#inboxes = new InboxRows(sql);
    this.#blobs = new BlobRows(sql);
    this.#rooms = rooms;
    this.#insert = sql.prepare(
      `INSERT INTO messages
         (room, seq, author, id, author_name, text_hash, timestamp, received_at, frame)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (author, id) DO NOTHING`,
    );
    this.#earlier = sql.prepare(
      `SELECT m.n, m.room, m.seq, m.text_hash, m.received_at, r.ended
       FROM messages m JOIN rooms r ON r.id = m.room WHERE m.author = ? AND m.id = ?`,
    );
    this.#remove = sql.prepare("DELETE FROM messages WHERE n = ?");
    this.#uncount = sql.prepare(
      "UPDATE rooms SET row_count = row_count - 1 WHERE id = ?",
    );
    this.#nonce = sql.prepare(
      "INSERT OR REPLACE INTO nonces (agent, nonce, expires_at) VALUES (?, ?, ?)",
    );
  }

  /** @throws node:sqlite's errors: the transaction, or the savepoint, must then be rolled back. */
  apply(write: StoreRow): StoreAnswer {
    switch (write.kind) {
      case "message":
        return this.#message(write);
      case "room_opened":
        this.#rooms.open(write);
        this.#blobs.ended(roomScope(write.room));
        return { kind: "stored", token: write.token };
      case "room_ended":
        this.#rooms.end(write);
        this.#blobs.ended(roomScope(write.room));
        return { kind: "stored", token: write.token };
      case "room_emptied":
        this.#rooms.emptied(write.room, write.since);
        return { kind: "stored", token: write.token };
      case "direct":
        return this.#inboxes.put(write);
      case "inbox_taken":
        return this.#inboxes.take(write);
      case "blob_reserved":
      case "blob_kept":
      case "blob_dropped":
        return this.#blobs.apply(write);
      case "nonces":
        return this.#nonces(write);
      default:
        return unknownKind(write);
    }
  }

  #message(write: StoreMessage): StoreAnswer {
    const room = this.#rooms.find(write.room);
    if (!room) return noRoom(write.token);
    const seq = room.nextSeq;
    if (this.#inserted(write, room)) return stored(write, seq);
    const earlier = this.#earlier.get(write.from, write.id);
    if (numberOf(earlier, "ended") === 0) {
      return repeated(write, { earlier, room });
    }
    this.#remove.run(numberOf(earlier, "n"));
    this.#uncount.run(numberOf(earlier, "room"));
    if (this.#inserted(write, room)) return stored(write, seq);
    throw new Error("an ended room's message could not be replaced");
  }

  #inserted(write: StoreMessage, room: RoomRow): boolean {
    const { changes } = this.#insert.run(
      room.id,
      room.nextSeq,
      write.from,
      write.id,
      write.from_name,
      write.text_hash,
      write.timestamp,
      write.received_at,
      write.frame,
    );
    if (Number(changes) === 0) return false;
    this.#rooms.count(room, write);
    return true;
  }

  #nonces(write: StoreNonces): StoreAnswer {
    for (const { agent, nonce, expires_at } of write.nonces) {
      this.#nonce.run(agent, nonce, expires_at);
    }
    return { kind: "stored", token: write.token };
  }
}

function stored(write: StoreMessage, seq: number): StoreAnswer {
  const { token, received_at } = write;
  return { kind: "stored", token, seq, received_at };
}

function repeated(
  write: StoreMessage,
  { earlier, room }: { earlier: SqlRow | undefined; room: RoomRow },
): StoreAnswer {
  const same = numberOf(earlier, "room") === room.id &&
    earlier?.text_hash === write.text_hash;
  if (!same) {
    return {
      kind: "failed",
      token: write.token,
      why: "conflict",
      reason: "its author used this id for another message",
    };
  }
  return {
    kind: "stored",
    token: write.token,
    seq: numberOf(earlier, "seq"),
    received_at: numberOf(earlier, "received_at"),
    duplicate: true,
  };
}

/** The answer where no room of the name is on disk. */
export function noRoom(token: number): StoreAnswer {
  const reason = "no such room is on disk";
  return { kind: "failed", token, why: "no_room", reason };
}

function unknownKind(write: never): never {
  throw new TypeError(`no such write: ${JSON.stringify(write).slice(0, 100)}`);
}
