import type { Message, RoomHistory } from "../../../lib/protocol/frames.ts";
import { WIRE } from "../../../lib/protocol/limits.ts";
import type { Now } from "../events.ts";
import { limited, NO_ROOM, notIn, storeRefusal } from "../refusals.ts";
import { historyText, type Refusal } from "../replies.ts";
import type { Room } from "../rooms/room.ts";
import { messageFields, senderRefusal } from "./any_message.ts";
import type { Connection } from "./connection.ts";
import type { EdgeState } from "./edge_state.ts";

/** Runs once a connection's request to the store has its answer: what waited for it may go on. */
export type Answered = (conn: Connection, now: Now) => void;

/** Messages and their history (protocol.md section 7): what is refused here costs log and store nothing. */
export class MessageRequests {
  readonly #state: EdgeState;
  readonly #answered: Answered;

  constructor(state: EdgeState, answered: Answered) {
    this.#state = state;
    this.#answered = answered;
  }

  message(
    conn: Connection,
    incoming: { readonly frame: Message; readonly text: string },
    now: Now,
  ): void {
    const { frame } = incoming;
    this.#state.tally.messagesIn++;
    const refusal = this.#refusal(conn, frame, now);
    if (refusal !== null) return this.#state.refuse(conn, refusal, frame.id);
    this.#state.submit(conn, {
      op: "message",
      room: frame.room,
      ...messageFields(conn, incoming),
    }, now);
  }

  history(conn: Connection, frame: RoomHistory, now: Now): void {
    const refusal = this.#historyRefusal(conn, frame, now);
    if (refusal !== null) {
      return this.#state.refuse(conn, refusal, frame.nonce);
    }
    const { room, after_seq, before_seq, limit } = frame;
    conn.pending++;
    this.#state.effects.store({
      kind: "history",
      room,
      limit,
      most_bytes: WIRE.historyPageBytes,
      ...(after_seq === undefined ? {} : { after_seq }),
      ...(before_seq === undefined ? {} : { before_seq }),
    }, (answer, later) => {
      conn.pending--;
      if (answer.kind === "page") {
        const text = historyText(room, answer);
        const { limits } = this.#state;
        limits.historySent(conn.agent, text.length, later.mono);
        this.#state.send(conn, text);
      } else this.#state.refuse(conn, storeRefusal(answer), frame.nonce);
      this.#answered(conn, later);
    });
  }

  #refusal(conn: Connection, frame: Message, now: Now): Refusal | null {
    const fault = senderRefusal(this.#state, { conn, frame }, now);
    if (fault !== null) return fault;
    const outside = this.#outside(conn, frame.room);
    if (outside !== null) return outside;
    const { limits } = this.#state;
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
    const { nonces, limits, settings } = this.#state;
    if (settings.history === "off") {
      return { code: "UNKNOWN_TYPE", message: "this relay shows no history" };
    }
    const fault = nonces.check(conn.agent, frame, now.wall);
    if (fault !== null) return fault;
    const wait = limits.history(conn.agent, now.mono);
    if (wait > 0) return limited("too much history in this minute", wait);
    return nonces.keep(conn.agent, frame, now.wall) ??
      this.#outside(conn, frame.room);
  }

  /** What one who is not in the room is told; null for a member. */
  #outside(conn: Connection, name: string): Refusal | null {
    const room: Room | undefined = this.#state.rooms.room(name);
    if (room === undefined) return NO_ROOM;
    const seat = this.#state.seat(conn);
    return seat !== undefined && room.has(seat) ? null : notIn(room);
  }
}
