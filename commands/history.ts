import { EXIT } from "../lib/errors.ts";
import {
  HISTORY_APART,
  type HistoryPart,
  refuseApart,
} from "../lib/conversation/mixed_parts.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { COMMON_FLAGS, readFlag, roomWord, switchFlag } from "./cli/flags.ts";
import { type BoundFlags, MAX_BYTES_FLAG } from "./cli/max_bytes.ts";
import { answerDigest } from "./output/digest_answer.ts";
import type { HistoryPage } from "../lib/local_api/types/history.ts";
import { defined } from "../lib/defined.ts";
import { writeMessages } from "./output/message_page.ts";
import { inNamedRoom } from "../lib/conversation/nearest_room.ts";
import { parseRoom } from "../lib/conversation/room_name.ts";
import { lastWord } from "../lib/rendering/shell_word.ts";
import { wholeNumber } from "./cli/whole_number.ts";

interface Flags extends BoundFlags {
  readonly limit?: number;
  readonly last?: number;
  readonly skip?: number;
  readonly before?: number;
  readonly digest?: boolean;
  readonly raw?: boolean;
}

/** Messages that are shown when no limit is named. */
const DEFAULT_LIMIT = 50;
/** Messages that can be had at once, and that a digest is made of when no limit is named. */
const MOST = 1_000;

export const command = cliCommand<Flags, [room: string]>({
  brief: "Show what was said in a room, from the relay",
  example: "agentnet history tea --limit 20",
  help:
    "Shows the last messages of a room, oldest first, as the relay kept them: the newest --limit (or --last) of them, " +
    "behind those that --skip passes over; with --before those before a message, by its number at the relay ('seq' in " +
    "JSON), as the line under a page that has older ones says it. Nothing is marked read.",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      limit: readFlag(wholeNumber(1, MOST), "n", "Show at most so many (50)"),
      last: readFlag(wholeNumber(1, MOST), "n", "The same"),
      skip: readFlag(
        wholeNumber(0, 2_000),
        "n",
        "Pass over so many of the newest",
      ),
      before: readFlag(
        wholeNumber(1, Number.MAX_SAFE_INTEGER),
        "seq",
        "Only those before this number of the relay",
      ),
      digest: switchFlag(
        "What the last 1000 come to, in 2000 bytes: who said how many, what is for you, open questions",
      ),
      ...MAX_BYTES_FLAG,
      raw: switchFlag("Show text as it came, without fence and marks"),
    },
    positional: { kind: "tuple", parameters: [roomWord("The room")] },
  },
  async run(context, flags, name) {
    const has = (part: HistoryPart) =>
      flags[part] !== undefined && flags[part] !== false;
    refuseApart(HISTORY_APART, has, (part) => `--${part}`);
    const room = parseRoom(name);
    const api = await daemonApi(context, flags);
    const { skip = 0, limit = flags.last, before: before_seq } = flags;
    if (flags.digest) {
      const digest = await api.digest({ room, history: limit ?? MOST });
      const all = `agentnet history ${lastWord(room)}`;
      answerDigest(context, flags, { digest, all });
      return EXIT.done;
    }
    const wanted = limit ?? DEFAULT_LIMIT;
    const query = {
      ...{ room, limit: wanted },
      ...defined({ skip: skip || undefined, before_seq }),
    };
    const page = await inNamedRoom(api, room, () => api.history(query));
    writeMessages(context, {
      ...flags,
      messages: page.messages,
      keep: "newest",
      after: (shown) =>
        olderNotes(page, { limit: wanted, skip: skip + shown, shown }),
      around: (some) => ({
        ...page,
        messages: some,
        has_more: page.has_more || some.length < page.messages.length,
      }),
    });
    return EXIT.done;
  },
});

interface Next {
  readonly limit: number;
  /** So many are passed over then. */
  readonly skip: number;
  readonly shown: number;
}

/** That there are older ones, and the line that shows them. */
function olderNotes(
  { room, messages, has_more }: HistoryPage,
  { limit, skip, shown }: Next,
): string[] {
  if (messages.length === 0) return ["no messages"];
  if (!has_more && shown === messages.length) return [];
  const oldest = shown === 0 ? undefined : messages.at(-shown);
  // What is said in the meantime moves no number of the relay's.
  const place = oldest?.seq === undefined
    ? `--skip ${skip}`
    : `--before ${oldest.seq}`;
  return [
    `older ones: agentnet history --limit ${limit} ${place} ${lastWord(room)}`,
  ];
}
