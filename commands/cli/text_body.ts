import { Failure } from "../../lib/errors.ts";
import { checkText, decodeText } from "../../lib/conversation/text_check.ts";
import type { MessageText } from "../../lib/protocol/message_text.ts";
import type { CliContext } from "./cli_context.ts";

/** Over-long input is read this far, so that its size can be told. */
const READ_BYTES = 16 * 1024 * 1024;

/** Where a text comes from. */
export interface BodySource {
  /** Words of the command line, joined by one space; `-` alone is standard input. */
  readonly words: readonly string[];
  readonly file?: string | undefined;
  /** The word of the command line that the text follows; the room's name if not said. */
  readonly after?: string;
}

/**
 * The text to send: each byte of a file or of standard input, a last line end too, but byte order marks at its start.
 *
 * @throws {Failure} TEXT_EMPTY, TEXT_TOO_LONG, TEXT_INVALID, USAGE, FILE_TROUBLE: before anything is sent.
 */
export async function readBody(
  context: CliContext,
  { words, file, after }: BodySource,
): Promise<MessageText> {
  if (file !== undefined && words.length > 0) {
    throw usage(
      "the text stands twice: in the line and in --file",
      "leave one of them out",
    );
  }
  if (file !== undefined && file !== "-") {
    return decodeText(await fileBytes(context, file));
  }
  if (file === "-" || (words.length === 1 && words[0] === "-")) {
    return decodeText(await context.readStdin(READ_BYTES));
  }
  return checkText(words.join(" "), after);
}

function usage(reason: string, fix: string): Failure {
  return new Failure("USAGE", { fields: { reason, fix } });
}

/** A file's bytes, or its first `most` and one more. @throws {Failure} USAGE where it can't be read. */
export async function fileBytes(
  context: CliContext,
  path: string,
  most = READ_BYTES,
): Promise<Uint8Array> {
  try {
    return await context.readFile(path, most);
  } catch (error) {
    const reason = error instanceof Error ? error.name : String(error);
    throw usage(
      `can't read the file ${path}: ${reason}`,
      "check its name and its modes",
    );
  }
}
