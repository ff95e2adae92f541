import { EXIT } from "../lib/errors.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import {
  COMMON_FLAGS,
  type CommonFlags,
  readFlag,
  roomWord,
  switchFlag,
} from "./cli/flags.ts";
import { MAX_BYTES_FLAG } from "./cli/max_bytes.ts";
import { restNote } from "./output/bounded.ts";
import { writeMessages } from "./output/message_page.ts";
import { parseRoom } from "../lib/conversation/room_name.ts";
import { lastWord } from "../lib/rendering/shell_word.ts";
import { wholeNumber } from "./cli/whole_number.ts";

interface Flags extends CommonFlags {
  readonly limit?: number;
  readonly maxBytes?: number;
  readonly raw?: boolean;
}

/** Messages that are shown when no limit is named. */
const DEFAULT_LIMIT = 50;

export const command = cliCommand<Flags, [room: string]>({
  brief: "Show what was said in a room, from the relay",
  example: "agentnet history tea --limit 20",
  help:
    "Shows the last messages of a room, oldest first, as the relay kept them. Nothing is marked read.",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      limit: readFlag(wholeNumber(1, 200), "n", "Show at most so many (50)"),
      ...MAX_BYTES_FLAG,
      raw: switchFlag("Show text as it came, without fence and marks"),
    },
    positional: { kind: "tuple", parameters: [roomWord("The room")] },
  },
  async run(context, flags, name) {
    const room = parseRoom(name);
    const api = await daemonApi(context, flags);
    const limit = flags.limit ?? DEFAULT_LIMIT;
    const page = await api.history({ room, limit });
    const count = page.messages.length;
    writeMessages(context, {
      ...flags,
      messages: page.messages,
      keep: "newest",
      after: (shown) => [
        ...(count === 0 ? ["no messages"] : []),
        ...restNote(
          count - shown,
          `agentnet history --max-bytes 0 --limit ${limit} ${lastWord(room)}`,
        ),
      ],
      around: (some) => ({ ...page, messages: some }),
    });
    return EXIT.done;
  },
});
