import { unreachable } from "../../../lib/protocol/frames.ts";
import type { Admission } from "./admission.ts";
import type { Connection, FrameEvent } from "./connection.ts";
import type { CoreEvent, Now } from "../events.ts";
import type { EdgeState } from "./edge_state.ts";
import type { DirectRequests } from "./direct_requests.ts";
import { listRooms } from "./listing.ts";
import { takeMarks } from "./receipts.ts";
import type { MessageRequests } from "./message_requests.ts";
import { keepPresence, tellPresence } from "./presence.ts";
import type { RoomRequests } from "./room_requests.ts";
import { faultRefusal, PONG, type Refusal } from "../replies.ts";

interface Parts {
  readonly state: EdgeState;
  readonly admission: Admission;
  readonly rooms: RoomRequests;
  readonly messages: MessageRequests;
  readonly directs: DirectRequests;
}

/** Which rule a frame comes to: by its type, and by how far its connection's login is. */
export class FrameDispatch {
  readonly #state: EdgeState;
  readonly #admission: Admission;
  readonly #rooms: RoomRequests;
  readonly #messages: MessageRequests;
  readonly #directs: DirectRequests;

  constructor({ state, admission, rooms, messages, directs }: Parts) {
    this.#state = state;
    this.#admission = admission;
    this.#rooms = rooms;
    this.#messages = messages;
    this.#directs = directs;
  }

  /** Does what the frame asks for, or answers why not. */
  handle(conn: Connection, event: FrameEvent, now: Now): void {
    if (!conn.isIn) this.#handshake(conn, event, now);
    else if (event.kind === "frame") this.#operation(conn, event, now);
    else if (event.kind === "refused") {
      this.#state.refuse(conn, faultRefusal(event.fault), event.fault.ref);
    } else this.#state.refuse(conn, FORGED, event.ref);
  }

  #handshake(conn: Connection, event: FrameEvent, now: Now): void {
    const admission = this.#admission;
    if (event.kind === "forged") {
      return admission.failed(conn, FORGED.message, now, event.ref);
    }
    if (event.kind === "refused") {
      const isOther = event.fault.code === "UNKNOWN_TYPE";
      return admission.turnAway(
        conn,
        isOther ? HELLO_FIRST : faultRefusal(event.fault),
      );
    }
    const { frame } = event;
    const { kind } = conn.stage;
    if (kind === "hello" && frame.type === "hello") {
      admission.hello(conn, frame, now);
    } else if (kind === "pow" && frame.type === "hello.pow") {
      admission.helloPow(conn, frame, now);
    } else admission.turnAway(conn, HELLO_FIRST);
  }

  #operation(
    conn: Connection,
    event: Extract<CoreEvent, { kind: "frame" }>,
    now: Now,
  ): void {
    const { frame } = event;
    switch (frame.type) {
      case "ping":
        return this.#state.send(conn, PONG);
      case "message":
        return this.#messages.message(conn, { frame, text: event.text }, now);
      case "direct":
        return this.#directs.direct(conn, { frame, text: event.text }, now);
      case "direct.ack":
        return this.#directs.ack(conn, frame, now);
      case "room.create":
        return this.#rooms.create(conn, frame, now);
      case "room.join":
        return this.#rooms.join(conn, frame, now);
      case "room.leave":
        return this.#rooms.leave(conn, frame, now);
      case "rooms.list":
        return listRooms(this.#state, { conn, frame }, now);
      case "room.history":
        return this.#messages.history(conn, frame, now);
      case "marks":
        return takeMarks(this.#state, { conn, frame, text: event.text }, now);
      case "presence":
        return keepPresence(this.#state, { conn, frame }, now);
      case "room.presence":
        return tellPresence(this.#state, { conn, frame }, now);
      case "hello":
        return this.#state.refuse(conn, LOGGED_IN, frame.nonce);
      case "hello.pow":
        return this.#state.refuse(conn, LOGGED_IN);
      default:
        unreachable(frame);
    }
  }
}

const FORGED: Refusal = {
  code: "AUTH_FAILED",
  message: "the signature does not fit",
};
const HELLO_FIRST: Refusal = {
  code: "AUTH_FAILED",
  message: "log in first: hello, then hello.pow",
};
const LOGGED_IN: Refusal = {
  code: "AUTH_FAILED",
  message: "this connection is logged in already",
};
