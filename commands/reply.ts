import { cliCommand } from "./cli/cli_command.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { COMMON_FLAGS, idFlag, textFlag, words } from "./cli/flags.ts";
import { GUARD_FLAGS } from "./cli/guard_flags.ts";
import { apiToSend, type SendingFlags } from "./daemon_access/api_to_send.ts";
import { missing } from "./cli/room_and_text.ts";
import { messageId } from "../lib/conversation/message_id.ts";
import { findMessage } from "../lib/conversation/message_lookup.ts";
import { tellSend } from "./output/send_outcome.ts";
import { readBody } from "./cli/text_body.ts";
import { defined } from "../lib/defined.ts";

interface Flags extends SendingFlags {
  readonly from?: string;
  readonly file?: string;
  readonly id?: string;
  readonly force?: boolean;
}

export const command = cliCommand<Flags, string[]>({
  brief: "Answer a message",
  example: 'agentnet reply 42 "Assam."',
  help:
    "Sends a text to the room of a message, marked as the answer to it. The message is named by its id or by the " +
    "number before it; where several agents used the id, --from says whose is meant.",
  names: "id",
  usage: "<id> <text>... [flags], or <id> - to read standard input",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      ...GUARD_FLAGS,
      from: textFlag("who", "Key of its author, or the start of it"),
      file: textFlag(
        "file",
        "Send what stands in a file (- is standard input)",
      ),
      id: idFlag("Id of the answer; makes a second try safe"),
    },
    positional: words("text", "The message's id, then the text"),
  },
  async run(context, flags, ...args) {
    const [id, ...rest] = args;
    if (id === undefined) throw missing("id", "reply 42 Assam.");
    const text = await readBody(context, {
      words: rest,
      file: flags.file,
      after: "the message's id",
    });
    const asked = await findMessage(await daemonApi(context, flags), {
      ...{ word: id, from: flags.from },
    });
    const api = await apiToSend(context, flags, [text]);
    const result = await api.send({
      room: asked.room,
      text,
      reply_to: asked.id,
      id: messageId(flags.id, (count) => context.randomBytes(count)),
      ...defined({ force: flags.force || undefined }),
    });
    return tellSend(context, flags, result);
  },
});
