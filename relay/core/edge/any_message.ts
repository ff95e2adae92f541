import { createHash } from "node:crypto";
import type { MessageOp } from "../log/op.ts";
import type { Direct } from "../../../lib/protocol/direct_frames.ts";
import type { Message } from "../../../lib/protocol/frames.ts";
import type { Now } from "../events.ts";
import { limited } from "../refusals.ts";
import type { Refusal } from "../replies.ts";
import type { Connection } from "./connection.ts";
import type { EdgeState } from "./edge_state.ts";

/**
 * What refuses a message, to a room or to one agent, whatever it says: it is not its sender's, not fresh, or one too
 * many. This comes before all that is looked up or computed of it, so that nothing of that comes free; what is refused
 * after it counts, and its nonce is used.
 */
export function senderRefusal(
  { nonces, limits }: EdgeState,
  { conn, frame }: {
    readonly conn: Connection;
    readonly frame: Message | Direct;
  },
  now: Now,
): Refusal | null {
  if (frame.from !== conn.agent) {
    return { code: "AUTH_FAILED", message: "from is not the sender" };
  }
  const fault = nonces.check(conn.agent, frame, now.wall);
  if (fault !== null) return fault;
  const wait = limits.message(conn.agent, now.mono);
  if (wait > 0) return limited("too many messages in this minute", wait);
  nonces.note(conn.agent, frame);
  return null;
}

/** What the ops of both have. @param text the frame as it came */
export function messageFields(
  { id: conn, agent }: Connection,
  { frame, text }: { readonly frame: Message | Direct; readonly text: string },
): Omit<MessageOp, "op" | "room"> {
  const { id, nonce, timestamp, content } = frame;
  const text_hash = textHash(content.text);
  return { id, frame: text, text_hash, conn, agent, nonce, timestamp };
}

/** SHA-256 of a text, hex. */
function textHash(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}
