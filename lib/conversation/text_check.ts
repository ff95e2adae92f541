import { Failure } from "../errors.ts";
import { WIRE } from "../protocol/limits.ts";
import {
  type MessageText,
  parseMessageText,
  type TextFault,
} from "../protocol/message_text.ts";

/** The byte order mark of UTF-8 (RFC 3629 section 6). */
const MARK = [0xef, 0xbb, 0xbf] as const;

/**
 * The text that bytes of a file or of standard input hold, checked as {@link checkText} does. A byte order mark at
 * their start says how they are encoded and is no part of the text; each byte behind it is kept.
 *
 * @throws {Failure} TEXT_EMPTY, TEXT_TOO_LONG, TEXT_INVALID.
 */
export function decodeText(content: Uint8Array): MessageText {
  const isMarked = MARK.every((byte, at) => content[at] === byte);
  const bytes = isMarked ? content.subarray(MARK.length) : content;
  const most = WIRE.textBytes;
  if (bytes.length > most) {
    throw failureOf({ kind: "too_long", bytes: bytes.length, most });
  }
  try {
    // A second mark is text: U+FEFF.
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
