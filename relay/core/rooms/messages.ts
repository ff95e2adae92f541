import { utf8Bytes } from "../../../lib/protocol/names.ts";
import type { StoreAnswer, StoreMessage } from "../../store/contract.ts";
import type { Now } from "../events.ts";
import type { MessageOp } from "../log/op.ts";
import { notIn, storeRefusal } from "../refusals.ts";
import { deliveredText, frameText } from "../replies.ts";
import type { Room } from "./room.ts";
import type { RoomsState } from "./rooms_state.ts";
import type { Seat } from "./seat.ts";

type Stored = Extract<StoreAnswer, { kind: "stored" }>;
type NewMessage = Omit<StoreMessage, "token">;

/** Messages: stored before delivered or acknowledged (protocol.md section 7). */
export class Messages {
  readonly #state: RoomsState;

  constructor(state: RoomsState) {
    this.#state = state;
  }

  /** Settles when the store has answered. */
  message(seat: Seat, op: MessageOp, now: Now): void {
    const room = this.#state.rooms.get(op.room);
    if (!room?.has(seat)) {
      this.#state.refuse(seat, notIn(room), op.id);
      return this.#state.settled(op, seat);
    }
    const message: NewMessage = {
      kind: "message",
      room: op.room,
      id: op.id,
      from: seat.agent,
      from_name: seat.name,
      frame: op.frame,
      text_hash: op.text_hash,
      timestamp: op.timestamp,
      received_at: now.wall,
    };
    this.#state.write(message, (answer, later) => {
      if (answer.kind === "stored") {
        this.#stored({ seat, room, message, answer }, later);
      } else this.#state.refuse(seat, storeRefusal(answer), message.id);
      this.#state.settled(op, seat);
    });
  }

  /** A second copy is acknowledged again and delivered to nobody; so is what came to rest in a room that has ended. */
  #stored(
    done: {
      readonly seat: Seat;
      readonly room: Room;
      readonly message: NewMessage;
      readonly answer: Stored;
    },
    now: Now,
  ): void {
    const { seat, room, message, answer } = done;
    const seq = answer.seq ?? 0;
    const received_at = answer.received_at ?? message.received_at;
    const { tally } = this.#state;
    if (!answer.duplicate && seat.isHere) tally.messagesStored++;
    if (!answer.duplicate && room.isOpen) {
      room.touchedAt = now.mono;
      this.#state.emptyRooms.resize(room, {
        messages: 1,
        bytes: utf8Bytes(message.frame),
      });
      this.#state.rooms.touch(room, received_at);
      const conns = room.connsBut(seat);
      tally.deliveries += conns.length;
      const stored = { ...message, seq, received_at };
      this.#state.broadcast(conns, () => deliveredText(stored));
      this.#state.said(room, stored);
    }
    if (!seat.features.has("ack")) return;
    const { id } = message;
    const others = room.isOpen ? room.othersThan(seat) : 0;
    this.#state.send(
      seat,
      () => frameText({ type: "message.ack", id, seq, received_at, others }),
    );
  }
}
