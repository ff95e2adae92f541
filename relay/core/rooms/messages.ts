import { createHash } from "node:crypto";
import type { Message, RoomHistory } from "../../../lib/protocol/frames.ts";
import { WIRE } from "../../../lib/protocol/limits.ts";
import { utf8Bytes } from "../../../lib/protocol/names.ts";
import type { StoreAnswer, StoreMessage } from "../../store/contract.ts";
import type { Connection } from "../edge/connection.ts";
import type { Now } from "../events.ts";
import type { AskStore } from "./membership.ts";
import { limited, NO_ROOM, notIn, storageTrouble } from "../refusals.ts";
import {
  deliveredText,
  frameText,
  historyText,
  type Refusal,
} from "../replies.ts";
import type { Room } from "./room.ts";
import type { CoreState } from "../state.ts";

type Stored = Extract<StoreAnswer, { kind: "stored" }>;
type NewMessage = Omit<StoreMessage, "token">;

/** Messages and their history: stored before delivered or acknowledged (protocol.md section 7). */
export class Messages {
  readonly #state: CoreState;
  readonly #ask: AskStore;

  constructor(state: CoreState, ask: AskStore) {
    this.#state = state;
    this.#ask = ask;
  }

  message(
    conn: Connection,
    incoming: { readonly frame: Message; readonly text: string },
    now: Now,
  ): void {
    const { frame, text } = incoming;
    this.#state.tally.messagesIn++;
    const refusal = this.#refusal(conn, frame, now);
    const room = this.#state.rooms.get(frame.room);
    if (refusal !== null || room === undefined) {
      return this.#state.refuse(conn, refusal ?? NO_ROOM, frame.id);
    }
    const message: NewMessage = {
      kind: "message",
      room: frame.room,
      id: frame.id,
      from: frame.from,
      from_name: conn.name,
      frame: text,
      text_hash: textHash(frame.content.text),
      timestamp: frame.timestamp,
      received_at: now.wall,
    };
    this.#ask(conn, message, (answer, later) => {
      if (answer.kind === "stored") {
        this.#stored({ conn, room, message, answer }, later);
      } else this.#state.refuse(conn, failure(answer), message.id);
    });
  }

  history(conn: Connection, frame: RoomHistory, now: Now): void {
    const refusal = this.#historyRefusal(conn, frame, now);
    if (refusal !== null) {
      return this.#state.refuse(conn, refusal, frame.nonce);
    }
    const { room, after_seq, before_seq, limit } = frame;
    this.#ask(conn, {
      kind: "history",
      room,
      limit,
      most_bytes: WIRE.historyPageBytes,
      ...(after_seq === undefined ? {} : { after_seq }),
      ...(before_seq === undefined ? {} : { before_seq }),
    }, (answer, later) => {
      if (answer.kind === "page") {
        const text = historyText(room, answer);
        const { limits } = this.#state;
        limits.historySent(conn.agent, text.length, later.mono);
        this.#state.send(conn, text);
      } else this.#state.refuse(conn, failure(answer), frame.nonce);
    });
  }

  /** A second copy is acknowledged again and delivered to nobody; so is what came to rest in a room that has ended. */
  #stored(
    done: {
      readonly conn: Connection;
      readonly room: Room;
      readonly message: NewMessage;
      readonly answer: Stored;
    },
    now: Now,
  ): void {
    const { conn, room, message, answer } = done;
    const seq = answer.seq ?? 0;
    const received_at = answer.received_at ?? message.received_at;
    const { tally } = this.#state;
    if (!answer.duplicate) tally.messagesStored++;
    const others = room.isOpen ? room.connsBut(conn.id) : [];
    if (!answer.duplicate && room.isOpen) {
      room.touchedAt = now.mono;
      this.#state.emptyRooms.resize(room, {
        messages: 1,
        bytes: utf8Bytes(message.frame),
      });
      this.#state.rooms.touch(room, received_at);
      const stored = { ...message, seq, received_at };
      tally.deliveries += others.length;
      this.#state.broadcast(others, deliveredText(stored));
    }
    if (!conn.features.has("ack")) return;
    const { id } = message;
    this.#state.send(
      conn,
      frameText({
        ...{ type: "message.ack", id, seq, received_at },
        others: others.length,
      }),
    );
  }

  #refusal(conn: Connection, frame: Message, now: Now): Refusal | null {
    const { nonces, limits, rooms } = this.#state;
    if (frame.from !== conn.agent) {
      return { code: "AUTH_FAILED", message: "from is not the sender" };
    }
    const fault = nonces.check(conn.agent, frame, now.wall);
    if (fault !== null) return fault;
    const wait = limits.message(conn.agent, now.mono);
    if (wait > 0) return limited("too many messages in this minute", wait);
    nonces.note(conn.agent, frame);
    const room = rooms.get(frame.room);
    if (!room?.has(conn)) return notIn(room);
    const roomWait = limits.roomMessage(frame.room, conn.agent, now.mono);
    return roomWait > 0
      ? limited("too many messages in this room in this minute", roomWait)
      : null;
  }

  #historyRefusal(
    conn: Connection,
    frame: RoomHistory,
    now: Now,
  ): Refusal | null {
    const { nonces, limits, rooms, settings } = this.#state;
    if (settings.history === "off") {
      return { code: "UNKNOWN_TYPE", message: "this relay shows no history" };
    }
    const fault = nonces.check(conn.agent, frame, now.wall);
    if (fault !== null) return fault;
    const wait = limits.history(conn.agent, now.mono);
    if (wait > 0) return limited("too much history in this minute", wait);
    const room = rooms.get(frame.room);
    return nonces.keep(conn.agent, frame, now.wall) ??
      (room?.has(conn) ? null : notIn(room));
  }
}

function textHash(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

function failure(answer: StoreAnswer): Refusal {
  if (answer.kind !== "failed" || answer.why === "storage") {
    return storageTrouble();
  }
  if (answer.why === "no_room") return NO_ROOM;
  const message = "another message of yours has this id";
  return { code: "INVALID_MESSAGE", message };
}
