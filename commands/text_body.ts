import { Failure } from "../lib/errors.ts";
import type { CliContext } from "./cli_context.ts";

/** Longest text that is sent, in UTF-8 bytes (protocol.md section 6). */
const MOST_BYTES = 32_768;
/** Over-long input is read this far, so that its size can be told. */
const READ_BYTES = 16 * 1024 * 1024;

/** Where a text comes from. */
export interface BodySource {
  /** Words of the line, joined by one space; `-` alone is standard input. */
  readonly words: readonly string[];
  readonly file?: string | undefined;
}

/**
 * The text to send, each byte kept, a last line end too.
 *
 * @throws {Failure} TEXT_EMPTY, TEXT_TOO_LONG, TEXT_INVALID, USAGE, FILE_TROUBLE: before anything is sent.
 */
export async function readBody(
  context: CliContext,
  { words, file }: BodySource,
): Promise<string> {
  if (file !== undefined && words.length > 0) {
    throw usage(
      "the text stands twice: in the line and in --file",
      "leave one of them out",
    );
  }
  if (file !== undefined && file !== "-") {
    return decoded(await fileBytes(context, file));
  }
  if (file === "-" || (words.length === 1 && words[0] === "-")) {
    return decoded(await context.readStdin(READ_BYTES));
  }
  return checkText(words.join(" "));
}

function usage(reason: string, fix: string): Failure {
  return new Failure("USAGE", { fields: { reason, fix } });
}

async function fileBytes(
  context: CliContext,
  path: string,
): Promise<Uint8Array> {
  try {
    return await context.readFile(path, READ_BYTES);
  } catch (error) {
    const reason = error instanceof Error ? error.name : String(error);
    throw usage(
      `can't read the file ${path}: ${reason}`,
      "check its name and its modes",
    );
  }
}

function decoded(bytes: Uint8Array): string {
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

/** Checks a text of the line or of a file against what the wire carries (protocol.md section 2). */
function checkText(text: string): string {
  if (text === "") throw new Failure("TEXT_EMPTY");
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
