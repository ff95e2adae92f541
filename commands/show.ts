import { EXIT } from "../lib/errors.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import {
  COMMON_FLAGS,
  type CommonFlags,
  roomFlag,
  switchFlag,
  textFlag,
  word,
} from "./cli/flags.ts";
import { findMessage } from "../lib/conversation/message_lookup.ts";
import { parseRoom } from "../lib/conversation/room_name.ts";
import { MAX_BYTES_FLAG } from "./cli/max_bytes.ts";
import { writeMessages } from "./output/message_page.ts";

interface Flags extends CommonFlags {
  readonly from?: string;
  readonly room?: string;
  readonly maxBytes?: number;
  readonly raw?: boolean;
}

export const command = cliCommand<Flags, [id: string]>({
  brief: "Show one message whole",
  example: "agentnet show k7q2xm",
  help:
    "Shows one message, by the short id that stands before it (or its number here, or its id): of the mailbox, else of " +
    "the relay's history. --raw prints its text alone, each byte as it came.",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      from: textFlag("who", "Key of its author, or the start of it"),
      room: roomFlag("Look for it in this room of the relay"),
      ...MAX_BYTES_FLAG,
      raw: switchFlag("Print the text alone, without fence and marks"),
    },
    positional: {
      kind: "tuple",
      parameters: [word("id", "Its short id, number or id")],
    },
  },
  async run(context, flags, id) {
    const api = await daemonApi(context, flags);
    const message = await findMessage(api, {
      word: id,
      from: flags.from,
      room: flags.room === undefined ? undefined : parseRoom(flags.room),
    });
    const bounded = flags.maxBytes !== undefined;
    if (flags.raw && !flags.json && !bounded) {
      context.stdout.write(message.text);
      return EXIT.done;
    }
    writeMessages(context, {
      ...flags,
      messages: [message],
      wholeBy: "--max-bytes 0",
      after: () => [],
      around: (some) => ({ message: some[0] }),
    });
    return EXIT.done;
  },
});
