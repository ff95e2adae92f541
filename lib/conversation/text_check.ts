import { Failure } from "../errors.ts";
import { WIRE } from "../protocol/limits.ts";
import {
  type MessageText,
  parseMessageText,
  type TextFault,
} from "../protocol/message_text.ts";

/** The byte order mark as a character, and in UTF-8 (RFC 3629 section 6). */
const MARKS = /^\ufeff+/;
const MARK_BYTES = [0xef, 0xbb, 0xbf] as const;

/**
 * The text that bytes of a file or of standard input hold, checked as {@link checkText} does; each byte behind the
 * byte order marks at their start is kept.
 *
 * @throws {Failure} TEXT_EMPTY, TEXT_TOO_LONG, TEXT_INVALID.
 */
export function decodeText(content: Uint8Array): MessageText {
  const bytes = content.subarray(markedBytes(content));
  const most = WIRE.textBytes;
  if (bytes.length > most) {
    throw failureOf({ kind: "too_long", bytes: bytes.length, most });
  }
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return checkText(decoder.decode(bytes));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw failureOf({ kind: "uncarried", what: "bytes that are not UTF-8" });
  }
}

/** How many bytes the byte order marks at the start take. */
function markedBytes(content: Uint8Array): number {
  let at = 0;
  while (MARK_BYTES.every((byte, i) => content[at + i] === byte)) {
    at += MARK_BYTES.length;
  }
  return at;
}

/**
 * A text that is about to be sent, checked against what the wire carries (protocol.md section 2). Byte order marks at
 * its start say how it was encoded and are no part of it, by whatever way it came: a command line, a file, standard
 * input, a tool's call, a request of the local API.
 *
 * @param after the word of the command line that the text follows, for who gave none.
 * @throws {Failure} TEXT_EMPTY, TEXT_TOO_LONG, TEXT_INVALID.
 */
export function checkText(text: string, after?: string): MessageText {
  const parsed = parseMessageText(text.replace(MARKS, ""));
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
