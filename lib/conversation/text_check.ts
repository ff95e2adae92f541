import { Failure } from "../errors.ts";
import { WIRE } from "../protocol/limits.ts";
import {
  type MessageText,
  parseMessageText,
  type TextFault,
} from "../protocol/message_text.ts";

/**
 * The text that bytes hold, each kept, checked as {@link checkText} does.
 *
 * @throws {Failure} TEXT_EMPTY, TEXT_TOO_LONG, TEXT_INVALID.
 */
export function decodeText(bytes: Uint8Array): MessageText {
  const most = WIRE.textBytes;
  if (bytes.length > most) {
    throw failureOf({ kind: "too_long", bytes: bytes.length, most });
  }
  try {
    // A byte order mark is part of the text.
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return checkText(decoder.decode(bytes));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw failureOf({ kind: "uncarried", what: "bytes that are not UTF-8" });
  }
}

/**
 * A text that is about to be sent, checked against what the wire carries (protocol.md section 2).
 *
 * @param after the word of the command line that the text follows, for who gave none.
 * @throws {Failure} TEXT_EMPTY, TEXT_TOO_LONG, TEXT_INVALID.
 */
export function checkText(text: string, after?: string): MessageText {
  const parsed = parseMessageText(text);
  if (parsed.ok) return parsed.text;
  throw failureOf(parsed.fault, after);
}

function failureOf(fault: TextFault, after?: string): Failure {
  switch (fault.kind) {
    case "empty":
      return new Failure("TEXT_EMPTY", { fields: { after } });
    case "too_long": {
      const { bytes, most } = fault;
      return new Failure("TEXT_TOO_LONG", { fields: { bytes, most } });
    }
    case "uncarried":
      return new Failure("TEXT_INVALID", { fields: { reason: fault.what } });
    default:
      return fault satisfies never;
  }
}
