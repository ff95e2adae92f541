import { isAgentId } from "../../lib/protocol/agent_id.ts";
import {
  decodeAgentFrame,
  HANDSHAKE_TYPES,
  refOf,
} from "../../lib/protocol/decode_agent_frame.ts";
import type { AgentFrame, RawObject } from "../../lib/protocol/frames.ts";
import { signedBytes } from "../../lib/protocol/signing.ts";
import type { Verifier } from "../../lib/protocol/verifying.ts";
import type { RelayCore } from "../core/core.ts";
import type { ConnId, CoreEvent } from "../core/events.ts";
import { type Checked, checkMemberFrame } from "../checks/member_frame.ts";
import { checkTexts } from "../core/texts.ts";

export interface IngestParts {
  readonly verifier: Verifier;
  readonly core: Pick<RelayCore, "agent" | "signer">;
  /** Whether an agent has had so many frames refused that it must wait before it logs in. */
  readonly waits: (agent: string) => boolean;
}

type FrameEvent = Extract<CoreEvent, { kind: "frame" | "refused" | "forged" }>;

/** What was found of a frame, as the core is told of it. */
export function checkedEvent(
  conn: ConnId,
  checked: Checked,
  text: string,
): FrameEvent {
  return checked.kind === "frame"
    ? { ...checked, conn, text }
    : { ...checked, conn };
}

/**
 * Takes a frame's text as far as the core: scan, type, shape and names, signature, in this order (protocol.md section
 * 6; its size was bounded by the socket, time, nonce and limits are the core's). Total: never throws, whatever the text.
 */
export function ingest(
  conn: ConnId,
  text: string,
  parts: IngestParts,
): FrameEvent {
  const member = parts.core.agent(conn);
  const checked = member === ""
    ? null
    : checkMemberFrame(text, member, parts.verifier);
  if (checked !== null) return checkedEvent(conn, checked, text);
  const expected = member === "" ? HANDSHAKE_TYPES : undefined;
  const decoded = decodeAgentFrame(text, expected);
  if (!decoded.ok) return { kind: "refused", conn, fault: decoded.fault };
  const { frame, raw } = decoded;
  const fault = checkTexts(frame);
  if (fault !== null) return { kind: "refused", conn, fault };
  if (frame.type === "hello" && !isAgentId(frame.profile.id)) {
    const message = "profile.id is not an agent's key";
    return { kind: "refused", conn, fault: { code: "AUTH_FAILED", message } };
  }
  if (frame.type === "hello" && parts.waits(frame.profile.id)) {
    const message = "too many refused frames in this minute";
    return { kind: "refused", conn, fault: { code: "RATE_LIMITED", message } };
  }
  return isSignedRight(conn, { frame, raw }, parts)
    ? { kind: "frame", conn, frame, text }
    : { kind: "forged", conn, ref: refOf(raw) };
}

/** Of one that is nobody yet only a hello is looked at: whatever else it sends, the core turns it away. */
function isSignedRight(
  conn: ConnId,
  decoded: { readonly frame: AgentFrame; readonly raw: RawObject },
  { verifier, core }: IngestParts,
): boolean {
  const { frame, raw } = decoded;
  if (!("signature" in frame)) return true;
  const agent = core.signer(conn, frame);
  return agent === "" ||
    verifier.verify(agent, frame.signature, signedBytes(raw));
}
