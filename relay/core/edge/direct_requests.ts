import { isAgentId } from "../../../lib/protocol/agent_id.ts";
import type { Direct, DirectAck } from "../../../lib/protocol/direct_frames.ts";
import { isDirectReceipt } from "../../../lib/protocol/direct_receipt.ts";
import { isPaid } from "../../../lib/protocol/postage.ts";
import type { Now } from "../events.ts";
import { limited } from "../refusals.ts";
import { directText, type Refusal } from "../replies.ts";
import { messageFields, senderRefusal } from "./any_message.ts";
import type { Connection } from "./connection.ts";
import type { EdgeState } from "./edge_state.ts";

/** Messages to one agent (protocol.md section 16): what is refused here costs log and store nothing. */
export class DirectRequests {
  readonly #state: EdgeState;

  constructor(state: EdgeState) {
    this.#state = state;
  }

  direct(
    conn: Connection,
    incoming: { readonly frame: Direct; readonly text: string },
    now: Now,
  ): void {
    const { frame } = incoming;
    this.#state.tally.messagesIn++;
    const refusal = this.#refusal(conn, frame, now);
    if (refusal !== null) return this.#state.refuse(conn, refusal, frame.id);
    this.#state.submit(conn, {
      op: "direct",
      to: frame.to,
      ...messageFields(conn, incoming),
      isPaid: frame.postage !== undefined,
      isReceipt: isDirectReceipt(frame.content.text),
    }, now);
  }

  ack(conn: Connection, frame: DirectAck, now: Now): void {
    const refusal = this.#ackRefusal(conn, frame, now);
    if (refusal !== null) return this.#state.refuse(conn, refusal, frame.nonce);
    const { messages, knows, nonce, timestamp } = frame;
    const { id, agent } = conn;
    this.#state.submit(conn, {
      op: "direct_ack",
      ...{ conn: id, agent, nonce, timestamp, messages, knows },
    }, now);
  }

  /** Says to a connection that is in now what waits for its agent. What comes meanwhile it may hear twice. */
  deliver(conn: Connection, now: Now): void {
    const { settings, effects } = this.#state;
    if (!settings.direct || !conn.features.has("direct")) return;
    const { agent: recipient } = conn;
    effects.store({ kind: "inbox", recipient, at: now.wall }, (answer) => {
      if (answer.kind !== "page" || !this.#state.connections.has(conn.id)) {
        return;
      }
      for (const message of answer.messages) {
        this.#state.send(conn, directText(message));
      }
    });
  }

  #refusal(conn: Connection, frame: Direct, now: Now): Refusal | null {
    const { settings } = this.#state;
    if (!settings.direct) return OFF;
    const fault = senderRefusal(this.#state, { conn, frame }, now);
    if (fault !== null) return fault;
    if (!isAgentId(frame.to) || frame.to === frame.from) return NOBODY;
    const { postage } = frame;
    const isRight = postage === undefined ||
      isPaid({ ...frame, postage }, settings.difficulty.direct);
    return isRight ? null : UNPAID;
  }

  #ackRefusal(conn: Connection, frame: DirectAck, now: Now): Refusal | null {
    const { nonces, limits, settings } = this.#state;
    if (!settings.direct) return OFF;
    const fault = nonces.check(conn.agent, frame, now.wall);
    if (fault !== null) return fault;
    const wait = limits.directAck(conn.agent, now.mono);
    if (wait > 0) return limited("too many direct.ack in this minute", wait);
    if (!frame.knows.every(isAgentId)) return NOBODY;
    return nonces.keep(conn.agent, frame, now.wall);
  }
}

const OFF: Refusal = {
  code: "UNKNOWN_TYPE",
  message: "this relay takes no messages to one agent",
};
const NOBODY: Refusal = {
  code: "INVALID_MESSAGE",
  message: "no other agent has that id",
};
const UNPAID: Refusal = {
  code: "INVALID_MESSAGE",
  message: "the postage does not fit",
};
