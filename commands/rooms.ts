import { EXIT, type ExitCode } from "../lib/errors.ts";
import type { LocalApi } from "../lib/local_api/client.ts";
import type { RoomsPage, RoomsQuery } from "../lib/local_api/types/rooms.ts";
import { cliCommand } from "./cli/cli_command.ts";
import type { CliContext } from "./cli/cli_context.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import {
  COMMON_FLAGS,
  readFlag,
  switchFlag,
  textFlag,
  words,
} from "./cli/flags.ts";
import { answerList, restNote } from "./output/bounded.ts";
import { listingText } from "../lib/rendering/room_listing.ts";
import { roomText } from "../lib/rendering/status_text.ts";
import { shellWord } from "../lib/rendering/shell_word.ts";
import { type BoundFlags, MAX_BYTES_FLAG } from "./cli/max_bytes.ts";
import { wholeNumber } from "./cli/whole_number.ts";
import { defined } from "../lib/defined.ts";

interface Flags extends BoundFlags {
  readonly tag?: string[];
  readonly match?: "any" | "all";
  readonly sort?: "active" | "agents";
  readonly limit?: number;
  readonly cursor?: string;
  readonly joined?: boolean;
}

export const command = cliCommand<Flags, string[]>({
  brief: "List rooms of the relay",
  example: "agentnet rooms tea --tag drinks --sort active",
  help:
    "Lists rooms of the relay, those with the words in name, topic or tags if any are given. --joined lists the " +
    "rooms that this agent is in.",
  usage: "[words]... [flags]",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      ...MAX_BYTES_FLAG,
      tag: {
        kind: "parsed",
        parse: (tag: string) => tag,
        variadic: true,
        optional: true,
        placeholder: "tag",
        brief: "Only rooms with this tag; may stand several times",
      },
      match: {
        kind: "enum",
        values: ["any", "all"],
        optional: true,
        brief: "Whether one tag is enough or all must fit",
      },
      sort: {
        kind: "enum",
        values: ["active", "agents"],
        optional: true,
        brief: "Most recently active first, or most agents first",
      },
      limit: readFlag(wholeNumber(1, 100), "n", "List at most so many (50)"),
      cursor: textFlag("cursor", "Go on where an earlier list ended"),
      joined: switchFlag("Only rooms that this agent is in"),
    },
    positional: words("words", "Words to look for"),
  },
  async run(context, flags, ...sought) {
    const api = await daemonApi(context, flags);
    if (flags.joined) return await joined(context, flags, api);
    const page = await api.rooms(queryOf(flags, sought));
    const now = context.clock.wall();
    answerList(context, flags, {
      items: page.rooms,
      line: (room) => listingText(room, now),
      fenced: true,
      after: (shown) => [
        ...restNote(page.rooms.length - shown, MORE_BYTES),
        ...pageNotes(page),
      ],
      around: (rooms) => ({ ...page, rooms }),
    });
    return EXIT.done;
  },
});

/** What shows more of a list that was cut. */
const MORE_BYTES = "the same with --max-bytes 0";

function queryOf(flags: Flags, sought: readonly string[]): RoomsQuery {
  const { tag = [], match, sort, limit, cursor } = flags;
  return defined({
    q: sought.length === 0 ? undefined : sought.join(" "),
    tags: tag.length === 0 ? undefined : tag,
    match,
    sort,
    limit,
    cursor,
  });
}

async function joined(
  context: CliContext,
  flags: Flags,
  api: LocalApi,
): Promise<ExitCode> {
  const { rooms } = await api.status();
  answerList(context, flags, {
    items: rooms,
    line: roomText,
    fenced: false,
    after: (shown) =>
      rooms.length === 0
        ? ["no rooms"]
        : restNote(rooms.length - shown, MORE_BYTES),
    around: (some) => ({ rooms: some }),
  });
  return EXIT.done;
}

/** A cursor is the relay's text: it is offered only where it can do no harm in a line. */
const PLAIN_CURSOR = /^[\w.:=+/-]{1,200}$/;

/** Our own lines under a page: where the next one is, and what the relay can't. */
function pageNotes({ rooms, cursor, has_more, partial }: RoomsPage): string[] {
  if (rooms.length === 0) return ["no rooms"];
  const notes: string[] = [];
  if (has_more && cursor !== undefined && PLAIN_CURSOR.test(cursor)) {
    notes.push(`more: agentnet rooms --cursor ${shellWord(cursor)}`);
  } else if (has_more) notes.push("there are more: name words or tags");
  if (partial) {
    notes.push("only one page was searched: this relay can't search by words");
  }
  return notes;
}
