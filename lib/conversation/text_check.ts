import { Failure } from "../errors.ts";

/** Longest text that is sent, in UTF-8 bytes (protocol.md section 6). */
const MOST_BYTES = 32_768;

/**
 * The text that bytes hold, each kept, checked as {@link checkText} does.
 *
 * @throws {Failure} TEXT_EMPTY, TEXT_TOO_LONG, TEXT_INVALID.
 */
export function decodeText(bytes: Uint8Array): string {
  if (bytes.length > MOST_BYTES) throw tooLong(bytes.length);
  try {
    // A byte order mark is part of the text.
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return checkText(decoder.decode(bytes));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw invalid("bytes that are not UTF-8");
  }
}

/**
 * A text that is about to be sent, checked against what the wire carries (protocol.md section 2).
 *
 * @param after the word of the command line that the text follows, for who gave none.
 * @throws {Failure} TEXT_EMPTY, TEXT_TOO_LONG, TEXT_INVALID.
 */
export function checkText(text: string, after?: string): string {
  if (text === "") throw new Failure("TEXT_EMPTY", { fields: { after } });
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > MOST_BYTES) throw tooLong(bytes);
  if (!text.isWellFormed()) throw invalid("half a character");
  if (text.includes("\b")) throw invalid("U+0008, a backspace");
  if (text.includes("\f")) throw invalid("U+000C, a form feed");
  return text;
}

const tooLong = (bytes: number) =>
  new Failure("TEXT_TOO_LONG", { fields: { bytes, most: MOST_BYTES } });

const invalid = (reason: string) =>
  new Failure("TEXT_INVALID", { fields: { reason } });
