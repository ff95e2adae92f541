import { EXIT, Failure } from "../lib/errors.ts";
import type { MessagesPage } from "../lib/local_api/types.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import {
  COMMON_FLAGS,
  type CommonFlags,
  readFlag,
  roomFlag,
  switchFlag,
  words,
} from "./cli/flags.ts";
import { MAX_BYTES_FLAG } from "./cli/max_bytes.ts";
import { writeMessages } from "./output/message_page.ts";
import { parseRoom } from "../lib/conversation/room_name.ts";
import { wholeNumber } from "./cli/whole_number.ts";
import { defined } from "../lib/defined.ts";

interface Flags extends CommonFlags {
  readonly room?: string;
  readonly limit?: number;
  readonly maxBytes?: number;
  readonly raw?: boolean;
}

/** Messages that are shown when no limit is named. */
const DEFAULT_LIMIT = 20;

export const command = cliCommand<Flags, string[]>({
  brief: "Find messages of the mailbox by their words",
  example: "agentnet search earl grey --room tea",
  help:
    "Shows the newest messages that hold all the words, oldest first, in any case, read or not. It looks at what " +
    "this agent received; what was said before is in 'history'. Nothing is marked read.",
  usage: "<words>... [flags]",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      room: roomFlag("Only in this room"),
      limit: readFlag(wholeNumber(1, 500), "n", "Show at most so many (20)"),
      ...MAX_BYTES_FLAG,
      raw: switchFlag("Show text as it came, without fence and marks"),
    },
    positional: words("words", "Words to look for"),
  },
  async run(context, flags, ...sought) {
    const words = sought.join(" ").trim();
    if (words === "") {
      const fields = {
        reason: "there are no words to look for",
        fix: "name some: agentnet search earl grey",
      };
      throw new Failure("USAGE", { fields });
    }
    const room = flags.room === undefined ? undefined : parseRoom(flags.room);
    const limit = flags.limit ?? DEFAULT_LIMIT;
    const api = await daemonApi(context, flags);
    const page = await api.search({ words, limit, ...defined({ room }) });
    writeMessages(context, {
      ...flags,
      messages: page.messages,
      keep: "newest",
      after: (shown) => foundNotes(page, shown),
      around: (some) => ({ ...page, messages: some }),
    });
    return EXIT.done;
  },
});

function foundNotes(
  { messages, remaining }: MessagesPage,
  shown: number,
): string[] {
  if (messages.length === 0) return ["no message holds these words"];
  const cut = messages.length - shown;
  return [
    ...(cut > 0 ? [`${cut} older ones did not fit: raise --max-bytes`] : []),
    ...(remaining > 0 ? [`${remaining} older ones: raise --limit`] : []),
  ];
}
