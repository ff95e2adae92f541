import type { Attachment } from "../../lib/attachments/attachment.ts";
import { checkText } from "../../lib/conversation/text_check.ts";
import type { MessageText } from "../../lib/protocol/message_text.ts";
import type { RoomName } from "../../lib/protocol/names.ts";
import type { CliContext } from "../cli/cli_context.ts";
import { type BodySource, readBody } from "../cli/text_body.ts";
import type { SendingFlags } from "../daemon_access/api_to_send.ts";
import type { AttachFlags } from "./attach_flag.ts";

/** A message's text, and the file that goes with it. */
export interface Body extends Disposable {
  readonly text: MessageText;
  /** Hands the file over. @returns what of a send names it; nothing where there is none. @throws {Failure} */
  file(room: RoomName): Promise<{ readonly attach?: string }>;
}

/**
 * Reads what is to be sent; a file without a text goes with its name as the text. What only files need is loaded with
 * the first of them.
 *
 * @throws {Failure} as `readBody` and `openAttached`.
 */
export async function bodyOf(
  context: CliContext,
  flags: SendingFlags & AttachFlags,
  source: BodySource,
): Promise<Body> {
  const { attach } = flags;
  if (attach === undefined) {
    const text = await readBody(context, source);
    return { text, file: () => Promise.resolve({}), [Symbol.dispose]() {} };
  }
  const { openAttached, handOver } = await import("./attached.ts");
  const attached = await openAttached(context, flags, attach);
  try {
    return {
      text: await textBeside(context, attached, source),
      file: (room) => handOver(context, flags, { attached, room }),
      [Symbol.dispose]: () => attached[Symbol.dispose](),
    };
  } catch (error) {
    attached[Symbol.dispose]();
    throw error;
  }
}

async function textBeside(
  context: CliContext,
  { name }: Pick<Attachment, "name">,
  source: BodySource,
): Promise<MessageText> {
  const isNone = source.words.length === 0 && source.file === undefined;
  return isNone ? checkText(name) : await readBody(context, source);
}
