import { cliCommand } from "./cli/cli_command.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import {
  COMMON_FLAGS,
  idFlag,
  roomFlag,
  textFlag,
  words,
} from "./cli/flags.ts";
import { GUARD_FLAGS } from "./cli/guard_flags.ts";
import { FILE_FLAG, type TextFlags } from "./cli/text_flags.ts";
import { apiToSend, type SendingFlags } from "./daemon_access/api_to_send.ts";
import { missing } from "./cli/room_and_text.ts";
import { parseRoom } from "../lib/conversation/room_name.ts";
import { messageId } from "../lib/conversation/message_id.ts";
import { findMessage } from "../lib/conversation/message_lookup.ts";
import { tellSend } from "./output/send_outcome.ts";
import { ATTACH_FLAG, type AttachFlags } from "./attach/attach_flag.ts";
import { bodyOf } from "./attach/with_file.ts";
import { defined } from "../lib/defined.ts";

interface Flags extends SendingFlags, AttachFlags, TextFlags {
  readonly from?: string;
  readonly room?: string;
}

export const command = cliCommand<Flags, string[]>({
  brief: "Answer a message",
  example: 'agentnet reply k7q2xm "Assam."',
  help:
    "Sends a text to the room of a message, marked as the answer to it. The message is named by the short id that " +
    "stands before it (or its number here, or its id); one that is not in the mailbox is looked for in the relay's history. What is answered is shown.",
  names: "id",
  usage: "<id> <text>... [flags], or <id> - to read standard input",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      ...GUARD_FLAGS,
      ...ATTACH_FLAG,
      from: textFlag("who", "Key of its author, or the start of it"),
      room: roomFlag("Look for it in this room of the relay"),
      ...FILE_FLAG,
      id: idFlag("Id of the answer; makes a second try safe"),
    },
    positional: words("text", "The message's id, then the text"),
  },
  async run(context, flags, ...args) {
    const [id, ...rest] = args;
    if (id === undefined) throw missing("id", "reply k7q2xm Assam.");
    using body = await bodyOf(context, flags, {
      ...{ words: rest, file: flags.file, after: "the message's id" },
    });
    const { text } = body;
    const asked = await findMessage(await daemonApi(context, flags), {
      word: id,
      from: flags.from,
      room: flags.room === undefined ? undefined : parseRoom(flags.room),
    });
    const api = await apiToSend(context, flags, [text]);
    const result = await api.send({
      room: asked.room,
      text,
      id: messageId(flags.id, (count) => context.randomBytes(count)),
      ...await body.file(asked.room),
      // One without an id that could be named is answered in its room, unmarked.
      ...defined({
        reply_to: asked.id || undefined,
        force: flags.force || undefined,
      }),
    });
    return tellSend(context, flags, result, asked);
  },
});
