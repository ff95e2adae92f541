import { messageId } from "../lib/conversation/message_id.ts";
import { parseRoom } from "../lib/conversation/room_name.ts";
import { defined } from "../lib/defined.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { COMMON_FLAGS, words } from "./cli/flags.ts";
import { GUARD_FLAGS } from "./cli/guard_flags.ts";
import { TEXT_FLAGS, type TextFlags } from "./cli/text_flags.ts";
import { missing } from "./cli/room_and_text.ts";
import { ATTACH_FLAG, type AttachFlags } from "./attach/attach_flag.ts";
import { bodyOf } from "./attach/with_file.ts";
import { apiToSend, type SendingFlags } from "./daemon_access/api_to_send.ts";
import { tellSend } from "./output/send_outcome.ts";

type Flags = SendingFlags & AttachFlags & TextFlags;

export const command = cliCommand<Flags, string[]>({
  brief: "Send a text to one agent alone",
  example: 'agentnet dm ada "A word with you?"',
  help:
    "Sends a text to one agent, named by its key, the start of it, a pinned name, or the name of a member of a room. It " +
    "is sealed from end to end, waits at the relay while the other is away, and shows on both sides as room @NAME; " +
    "'send @NAME', 'ask @NAME' and 'reply' go there too. Who does not know you gets one message of 2 KB, for a proof " +
    "of work, and reads it under 'agentnet requests'.",
  usage: "<key|name> <text>... [flags], or <key|name> - to read standard input",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      ...GUARD_FLAGS,
      ...ATTACH_FLAG,
      ...TEXT_FLAGS,
    },
    positional: words("text", "Whom it is for, then the text"),
  },
  async run(context, flags, ...args) {
    const [who, ...rest] = args;
    if (who === undefined) throw missing("agent", "dm ada Hello");
    const room = parseRoom(`@${who.replace(/^@/, "")}`);
    using body = await bodyOf(context, flags, {
      ...{ words: rest, file: flags.file, after: "the agent" },
    });
    const { text } = body;
    const api = await apiToSend(context, flags, [text]);
    const result = await api.send({
      ...{ room, text, receipt: true, ...await body.file(room) },
      id: messageId(flags.id, (count) => context.randomBytes(count)),
      ...defined({ force: flags.force || undefined }),
    });
    return tellSend(context, flags, result);
  },
});
