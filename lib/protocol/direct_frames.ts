import type { RelayStamp, Signed, TextContent } from "./frame_parts.ts";

/** To one agent, whether or not it is connected; its text is sealed (protocol.md section 7). */
export interface Direct extends Signed {
  readonly type: "direct";
  readonly id: string;
  readonly to: string;
  readonly from: string;
  readonly content: TextContent;
  /** A proof of work, from one whom the other does not know. */
  readonly postage?: string;
}

/** Names an agent's message: an id alone names none. */
export interface DirectRef {
  readonly from: string;
  readonly id: string;
}

/** These are had, and need wait no longer; those agents need pay no postage any more. */
export interface DirectAck extends Signed {
  readonly type: "direct.ack";
  readonly messages: readonly DirectRef[];
  readonly knows: readonly string[];
}

export interface DeliveredDirect extends Direct, RelayStamp {}
