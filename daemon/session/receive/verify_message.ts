import { isAgentId } from "../../../lib/protocol/agent_id.ts";
import { decodeHistoryMessage } from "../../../lib/protocol/decode_relay_frame.ts";
import { parseObject } from "../../../lib/protocol/decode.ts";
import type {
  DeliveredMessage,
  RawObject,
} from "../../../lib/protocol/frames.ts";
import { WIRE } from "../../../lib/protocol/limits.ts";
import { utf8Bytes } from "../../../lib/protocol/names.ts";
import { deliveredBytes } from "../../../lib/protocol/signing.ts";
import type { Verifier } from "../../../lib/protocol/verifying.ts";
import type { VerifiedMessage } from "../core/verified_message.ts";
import type { RestRow } from "./rest_history.ts";

/** What a relay's message is worth: `forged` has a signature that is not its author's over these bytes. */
export type Verdict = VerifiedMessage | "forged" | "malformed";

/** Checks a message against its author's key. @param raw the object just as it came: what the signature covers */
export function verifyMessage(
  message: { readonly frame: DeliveredMessage; readonly raw: RawObject },
  verifier: Verifier,
): Verdict {
  const { frame, raw } = message;
  if (!isAgentId(frame.from)) return "malformed";
  if (utf8Bytes(frame.content.text) > WIRE.agentFrameBytes) return "malformed";
  if (frame.signature === "" || frame.nonce === "") {
    return { frame, verified: false };
  }
  return verifier.verify(frame.from, frame.signature, deliveredBytes(raw))
    ? { frame, verified: true }
    : "forged";
}

/** The same for a message of a history page; null stands for a row that is none. */
export function verifyHistory(
  raw: RawObject | null,
  verifier: Verifier,
): Verdict {
  if (raw === null) return "malformed";
  const decoded = decodeHistoryMessage(raw);
  return decoded.ok ? verifyMessage(decoded, verifier) : "malformed";
}

/** The frame of a row of REST history, put together again (protocol.md section 8); null for a row that is none. */
export function frameOfRow(row: RestRow): RawObject | null {
  const { from_id, content, ...rest } = row;
  if (typeof content !== "string" || !isTame(rest, 0)) return null;
  const parsed = parseObject(content, { wholeNumbers: false });
  if (!parsed.ok) return null;
  return { ...rest, type: "message", from: from_id, content: parsed.raw };
}

/** A row, checked as a message. */
export function verifyRow(row: RestRow, verifier: Verifier): Verdict {
  return verifyHistory(frameOfRow(row), verifier);
}

/** Not nested past the wire's bound and without half characters: REST's text was not scanned as frames are. */
function isTame(value: unknown, depth: number): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  if (depth >= WIRE.nesting) return false;
  return Object.entries(value).every(([key, inner]) =>
    key.isWellFormed() && isTame(inner, depth + 1)
  );
}
