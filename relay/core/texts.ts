import type { DecodeFault } from "../../lib/protocol/decode.ts";
import { type AgentFrame, unreachable } from "../../lib/protocol/frames.ts";
import { WIRE } from "../../lib/protocol/limits.ts";
import { codePoints } from "../../lib/protocol/names.ts";
import { findRefused, isBlank } from "../../lib/text_rules/characters.ts";

/**
 * Checks what other agents will be shown of a frame besides messages: display name, topic, tags. Composed (NFC) when
 * kept; refused with control, bidi, invisible or tag characters, and with piles of marks; a name shows something.
 *
 * @returns the fault, or null.
 */
export function checkTexts(frame: AgentFrame): DecodeFault | null {
  switch (frame.type) {
    case "hello":
      return check(frame, "name", [frame.profile.name], WIRE.displayName) ??
        (isBlank(frame.profile.name)
          ? invalid(frame, "the name shows nothing")
          : null);
    case "room.create":
      return check(frame, "topic", [frame.topic], WIRE.topic) ??
        check(frame, "tag", frame.tags, WIRE.tag);
    case "direct":
    case "direct.ack":
    case "hello.pow":
    case "marks":
    case "message":
    case "ping":
    case "presence":
    case "room.history":
    case "room.join":
    case "room.leave":
    case "room.presence":
    case "rooms.list":
      return null;
    default:
      unreachable(frame);
  }
}

/** A text as it is kept and shown: composed, Unicode form NFC. */
export function composed(text: string): string {
  return text.normalize("NFC");
}

function check(
  frame: { readonly nonce: string },
  what: string,
  texts: readonly string[],
  most: number,
): DecodeFault | null {
  for (const text of texts) {
    const found = findRefused(text);
    const why = found !== null
      ? `holds ${found}`
      : codePoints(composed(text)) > most
      ? `has more than ${most} characters`
      : null;
    if (why === null) continue;
    return invalid(frame, `the ${what} ${why}`);
  }
  return null;
}

function invalid(
  { nonce }: { readonly nonce: string },
  message: string,
): DecodeFault {
  return { code: "INVALID_MESSAGE", message, ref: nonce };
}
