import type { DecodeFault } from "../../lib/protocol/decode.ts";
import {
  decodeAgentFrame,
  refOf,
} from "../../lib/protocol/decode_agent_frame.ts";
import type { AgentFrame } from "../../lib/protocol/frames.ts";
import { signedBytes } from "../../lib/protocol/signing.ts";
import type { Verifier } from "../../lib/protocol/verifying.ts";
import { checkTexts } from "../core/texts.ts";

/** What a frame is found to be. */
export type Checked =
  | { readonly kind: "frame"; readonly frame: AgentFrame }
  | { readonly kind: "refused"; readonly fault: DecodeFault }
  /** Its signature is not its agent's. */
  | { readonly kind: "forged"; readonly ref: string | undefined };

/**
 * Checks a frame of an agent that has logged in: scan, type, shape and names, signature, in this order (protocol.md
 * section 6). Follows from its arguments alone, so that it may be done in any thread. Total: never throws.
 *
 * @returns null for a frame of a login, which is judged by more than these.
 */
export function checkMemberFrame(
  text: string,
  agent: string,
  verifier: Verifier,
): Checked | null {
  const decoded = decodeAgentFrame(text);
  if (!decoded.ok) return { kind: "refused", fault: decoded.fault };
  const { frame, raw } = decoded;
  if (frame.type === "hello" || frame.type === "hello.pow") return null;
  const fault = checkTexts(frame);
  if (fault !== null) return { kind: "refused", fault };
  const isRight = !("signature" in frame) ||
    verifier.verify(agent, frame.signature, signedBytes(raw));
  return isRight
    ? { kind: "frame", frame }
    : { kind: "forged", ref: refOf(raw) };
}
