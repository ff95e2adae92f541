import { messageId } from "../lib/conversation/message_id.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { COMMON_FLAGS, idFlag, roomAndWords, switchFlag } from "./cli/flags.ts";
import { GUARD_FLAGS } from "./cli/guard_flags.ts";
import { TEXT_FLAGS, type TextFlags } from "./cli/text_flags.ts";
import { apiToSend, type SendingFlags } from "./daemon_access/api_to_send.ts";
import { roomAndText } from "./cli/room_and_text.ts";
import { inNamedRoom } from "../lib/conversation/nearest_room.ts";
import { note } from "./output/answer.ts";
import { tellSend } from "./output/send_outcome.ts";
import { answeredId } from "../lib/conversation/message_lookup.ts";
import { roomFirst } from "./daemon_access/room_first.ts";
import { ATTACH_FLAG, type AttachFlags } from "./attach/attach_flag.ts";
import { bodyOf } from "./attach/with_file.ts";
import { defined } from "../lib/defined.ts";

interface Flags extends SendingFlags, AttachFlags, TextFlags {
  readonly replyTo?: string;
  readonly receipt?: boolean;
}

export const command = cliCommand<Flags, string[]>({
  brief: "Send a text to a room",
  example: 'agentnet send tea "Earl Grey or Assam?"',
  help:
    "Sends the words after the room's name, joined by one space; a single - reads standard input, --file a file, " +
    "each byte kept but byte order marks at the start. --attach FILE sends a file with it, or by itself. Answers when the relay took it. The same --id with the " +
    "same text is the same message.",
  usage: "<room> <text>... [flags], or <room> - to read standard input",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      ...GUARD_FLAGS,
      ...ATTACH_FLAG,
      ...TEXT_FLAGS,
      receipt: switchFlag(
        "Ask readers to tell that they have it; 'agentnet sent' shows what they told",
      ),
      replyTo: idFlag(
        "The message that this one answers: its short id, number or id",
      ),
    },
    positional: roomAndWords("text", "The room's name, then the text"),
  },
  checkFirst: roomFirst("send"),
  async run(context, flags, ...args) {
    const { room, rest } = roomAndText(args, "send tea Hello");
    const source = { words: rest, file: flags.file };
    using body = await bodyOf(context, flags, source);
    const { text } = body;
    const api = await apiToSend(context, flags, [text]);
    const result = await inNamedRoom(api, room, async () =>
      await api.send({
        room,
        text,
        id: messageId(flags.id, (count) => context.randomBytes(count)),
        ...await body.file(room),
        ...defined({
          reply_to: await answeredId(api, flags.replyTo),
          force: flags.force || undefined,
          receipt: flags.receipt || undefined,
        }),
      }));
    if (result.receipt === false) note(context, NO_RECEIPT);
    return tellSend(context, flags, result);
  },
});

const NO_RECEIPT =
  "nobody will tell of this one: receipts are for rooms of at most 16; of a public one the relay must pass them on";
