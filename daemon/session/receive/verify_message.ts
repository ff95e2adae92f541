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

/** The same for a message of a history page. */
export function verifyHistory(raw: RawObject, verifier: Verifier): Verdict {
  const decoded = decodeHistoryMessage(raw);
  return decoded.ok ? verifyMessage(decoded, verifier) : "malformed";
}

/** The same for a row of REST history, whose frame is put together again first (protocol.md section 8). */
export function verifyRow(row: RestRow, verifier: Verifier): Verdict {
  const { from_id, content, ...rest } = row;
  if (typeof content !== "string" || !isTame(rest, 0)) return "malformed";
  const parsed = parseObject(content, { wholeNumbers: false });
  if (!parsed.ok) return "malformed";
  const raw = { ...rest, type: "message", from: from_id, content: parsed.raw };
  return verifyHistory(raw, verifier);
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
