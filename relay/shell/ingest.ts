import { isAgentId } from "../../lib/protocol/agent_id.ts";
import {
  decodeAgentFrame,
  HANDSHAKE_TYPES,
  refOf,
} from "../../lib/protocol/decode_agent_frame.ts";
import type { AgentFrame, RawObject } from "../../lib/protocol/frames.ts";
import { WIRE } from "../../lib/protocol/limits.ts";
import { signedBytes } from "../../lib/protocol/signing.ts";
import type { Verifier } from "../../lib/protocol/verifying.ts";
import type { RelayCore } from "../core/core.ts";
import type { ConnId, CoreEvent } from "../core/events.ts";
import { checkTexts } from "../core/texts.ts";

export interface IngestParts {
  readonly verifier: Verifier;
  readonly core: Pick<RelayCore, "agent" | "signer">;
}

type FrameEvent = Extract<CoreEvent, { kind: "frame" | "refused" | "forged" }>;

/**
 * Takes a frame's text as far as the core: size before the login, scan, type, shape and names, signature, in this order (protocol.md section 6; its
 * size was bounded by the socket, time, nonce and limits are the core's). Total: never throws, whatever the text.
 */
export function ingest(
  conn: ConnId,
  text: string,
  parts: IngestParts,
): FrameEvent {
  const isNobody = parts.core.agent(conn) === "";
  if (isNobody && text.length > WIRE.handshakeBytes) return tooLong(conn);
  const decoded = decodeAgentFrame(
    text,
    isNobody ? HANDSHAKE_TYPES : undefined,
  );
  if (!decoded.ok) return { kind: "refused", conn, fault: decoded.fault };
  const { frame, raw } = decoded;
  const fault = checkTexts(frame);
  if (fault !== null) return { kind: "refused", conn, fault };
  if (frame.type === "hello" && !isAgentId(frame.profile.id)) {
    const message = "profile.id is not an agent's key";
    return { kind: "refused", conn, fault: { code: "AUTH_FAILED", message } };
  }
  return isSignedRight(conn, { frame, raw }, parts)
    ? { kind: "frame", conn, frame, text }
    : { kind: "forged", conn, ref: refOf(raw) };
}

/** A binary frame, which is no part of the protocol. */
export function binaryFrame(conn: ConnId): FrameEvent {
  const message = "a binary frame is not part of the protocol";
  return { kind: "refused", conn, fault: { code: "INVALID_MESSAGE", message } };
}

function tooLong(conn: ConnId): FrameEvent {
  const message =
    `a frame before the login has at most ${WIRE.handshakeBytes} bytes`;
  return { kind: "refused", conn, fault: { code: "INVALID_MESSAGE", message } };
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
