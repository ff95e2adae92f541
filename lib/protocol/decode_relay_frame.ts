import * as v from "valibot";
import { type Decoded, FIRST_ISSUE, invalid, parseObject } from "./decode.ts";
import type { DeliveredDirect } from "./direct_frames.ts";
import type { DeliveredMessage, RawObject, RelayFrame } from "./frames.ts";
import { WIRE } from "./limits.ts";
import { RELAY_FRAME_SHAPES } from "./relay_frame_shapes.ts";

const SCAN = { wholeNumbers: false, values: WIRE.relayValues };

/** A frame of a type that this version doesn't know, which a client ignores (protocol.md section 1). */
export interface UnknownFrame {
  readonly type: "unknown";
}

/**
 * Reads a frame that a relay sent. Total: never throws, whatever the text. Fields that it doesn't know are left
 * in the raw object alone; a type that it doesn't know gives {@link UnknownFrame}.
 *
 * @param frameText a text frame of at most 1 MB; the socket has bounded it.
 */
export function decodeRelayFrame(
  frameText: string,
): Decoded<RelayFrame | UnknownFrame> {
  const parsed = parseObject(frameText, SCAN);
  if (!parsed.ok) return parsed;
  const { raw } = parsed;
  if (typeof raw.type !== "string") return invalid("a frame has a type");
  if (!Object.hasOwn(RELAY_FRAME_SHAPES, raw.type)) {
    return { ok: true, frame: { type: "unknown" }, raw };
  }
  const result = v.safeParse(
    RELAY_FRAME_SHAPES[raw.type as keyof typeof RELAY_FRAME_SHAPES],
    raw,
    FIRST_ISSUE,
  );
  return result.success
    ? { ok: true, frame: result.output, raw }
    : invalid(`malformed ${raw.type}`);
}

/** Reads one message of a history page, whose raw object is already parsed. */
export function decodeHistoryMessage(
  raw: RawObject,
): Decoded<DeliveredMessage> {
  const result = v.safeParse(RELAY_FRAME_SHAPES.message, raw, FIRST_ISSUE);
  return result.success
    ? { ok: true, frame: result.output, raw }
    : invalid("malformed message");
}

/** Reads a message to one agent, whose raw object is already parsed. */
export function decodeKeptDirect(raw: RawObject): Decoded<DeliveredDirect> {
  const result = v.safeParse(RELAY_FRAME_SHAPES.direct, raw, FIRST_ISSUE);
  return result.success
    ? { ok: true, frame: result.output, raw }
    : invalid("malformed direct");
}
