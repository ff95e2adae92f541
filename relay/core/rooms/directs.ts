import { DIRECT } from "../../../lib/protocol/limits.ts";
import type { StoreRow } from "../../store/contract.ts";
import type { Now } from "../events.ts";
import type { DirectAckOp, DirectOp } from "../log/op.ts";
import { inboxRefusal, storeRefusal } from "../refusals.ts";
import { directText, frameText } from "../replies.ts";
import type { RoomsState } from "./rooms_state.ts";
import type { Seat } from "./seat.ts";

type NewDirect = Omit<Extract<StoreRow, { kind: "direct" }>, "token">;

/** Messages to one agent, which wait in its inbox until it says that it has them (protocol.md section 7). */
export class Directs {
  readonly #state: RoomsState;

  constructor(state: RoomsState) {
    this.#state = state;
  }

  /** Settles when the store has answered: it knows who knows whom, and how full an inbox is. */
  direct(seat: Seat, op: DirectOp, now: Now): void {
    const { to, id, frame, text_hash, isPaid, isReceipt } = op;
    const message: NewDirect = {
      ...{ kind: "direct", to, id, from: seat.agent, from_name: seat.name },
      ...{ frame, text_hash, isPaid, isReceipt, received_at: now.wall },
    };
    this.#state.write(message, (answer) => {
      if (answer.kind !== "stored") {
        this.#state.refuse(seat, inboxRefusal(answer), id);
      } else {
        const { received_at = now.wall, duplicate = false } = answer;
        if (!duplicate) this.#pass(message);
        const ack = { type: "message.ack", id, seq: 0, received_at } as const;
        if (seat.features.has("ack")) {
          this.#state.send(seat, () => frameText(ack));
        }
      }
      this.#state.settled(op, seat);
    });
  }

  ack(seat: Seat, op: DirectAckOp, now: Now): void {
    const { messages, knows } = op;
    this.#state.write({
      ...{ kind: "inbox_taken", recipient: seat.agent, messages },
      ...{ knows: knows.slice(0, DIRECT.acked), at: now.wall },
    }, (answer) => {
      if (answer.kind !== "stored") {
        this.#state.refuse(seat, storeRefusal(answer), op.nonce);
      }
      this.#state.settled(op, seat);
    });
  }

  /** To the one that it is for, where that is connected. */
  #pass(message: NewDirect): void {
    const to = this.#state.sessions.get(message.to);
    if (to?.features.has("direct")) {
      this.#state.send(to, () => directText(message));
    }
  }
}
