import { counted } from "../lib/rendering/counted.ts";
import { EXIT, type ExitCode, Failure } from "../lib/errors.ts";
import {
  lookedNotes,
  searchHistory,
} from "../lib/conversation/search_history.ts";
import type { CliContext } from "./cli/cli_context.ts";
import type { AnyMessage } from "../lib/local_api/types/messages.ts";
import type { MessagesPage } from "../lib/local_api/types/mailbox.ts";
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
import { notJoined } from "../lib/conversation/not_joined.ts";
import { failureLine } from "../lib/rendering/failure_text.ts";
import { parseRoom } from "../lib/conversation/room_name.ts";
import { wholeNumber } from "./cli/whole_number.ts";
import { defined } from "../lib/defined.ts";

interface Flags extends CommonFlags {
  readonly room?: string;
  readonly history?: boolean;
  readonly limit?: number;
  readonly maxBytes?: number;
  readonly raw?: boolean;
}

/** Messages that are shown when no limit is named. */
const DEFAULT_LIMIT = 20;

export const command = cliCommand<Flags, string[]>({
  brief: "Find messages by their words",
  example: "agentnet search earl grey --room tea",
  help:
    "Shows the newest messages that hold all the words, oldest first, in any case, read or not, our own among " +
    "them. It looks at what this agent received and sent; --history also at what the relay keeps of the room, or of all " +
    "rooms that it is in, at most 5,000 messages back, and says how far. Nothing is marked read.",
  usage: "<words>... [flags]",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      room: roomFlag("Only in this room"),
      history: switchFlag(
        "Also in the relay's history, before this agent came",
      ),
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
    const query = { words, limit, ...defined({ room }) };
    if (flags.history) {
      const found = await searchHistory(context, api, query);
      return tellFound(context, flags, found, lookedNotes(found.looked));
    }
    const found = await api.search(query);
    const absent = found.messages.length === 0
      ? await notJoined(api, defined({ room }))
      : null;
    return tellFound(
      context,
      flags,
      found,
      absent === null ? [] : [failureLine(absent)],
    );
  },
});

/** What was found: a page of the mailbox, or of more. */
type Found = Pick<MessagesPage, "remaining"> & {
  readonly messages: readonly AnyMessage[];
};

function tellFound(
  context: CliContext,
  flags: Flags,
  found: Found,
  looked: readonly string[],
): ExitCode {
  writeMessages(context, {
    ...flags,
    messages: found.messages,
    keep: "newest",
    after: (shown) => [...foundNotes(found, shown), ...looked],
    around: (some) => ({
      ...found,
      messages: some,
      remaining: found.remaining + found.messages.length - some.length,
    }),
  });
  return EXIT.done;
}

function foundNotes(
  { messages, remaining }: Found,
  shown: number,
): string[] {
  if (messages.length === 0) return ["no message holds these words"];
  const cut = messages.length - shown;
  return [
    ...(cut > 0
      ? [`${counted(cut, "older one")} did not fit: raise --max-bytes`]
      : []),
    ...(remaining > 0
      ? [`${counted(remaining, "older one")}: raise --limit`]
      : []),
  ];
}
