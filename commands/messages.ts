import { visibleJson } from "../lib/guards/visible.ts";
import { byteLength } from "../lib/rendering/fit_bytes.ts";
import { gapSums } from "../lib/rendering/gap_sums.ts";
import { EXIT, type ExitCode, Failure } from "../lib/errors.ts";
import type { LocalApi } from "../lib/local_api/client.ts";
import type {
  MessagesPage,
  MessagesQuery,
} from "../lib/local_api/types/mailbox.ts";
import { cliCommand } from "./cli/cli_command.ts";
import type { CliContext } from "./cli/cli_context.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { refuseRoomAsFlag } from "../lib/conversation/room_as_flag.ts";
import { parseWait } from "./cli/duration.ts";
import {
  COMMON_FLAGS,
  readFlag,
  roomWord,
  switchFlag,
  textFlag,
} from "./cli/flags.ts";
import { followMessages } from "./output/follow_messages.ts";
import { MAX_BYTES_FLAG } from "./cli/max_bytes.ts";
import { markShown } from "../lib/conversation/mark_shown.ts";
import {
  keepsUnread,
  type MessagesFlags,
  messagesQuery,
  refuseMixed,
} from "./cli/messages_flags.ts";
import { answerDigest } from "./output/digest_answer.ts";
import { answer, note, tellFailure } from "./output/answer.ts";
import { writeMessages } from "./output/message_page.ts";
import { some } from "../lib/rendering/message_list.ts";
import { failureLine } from "../lib/rendering/failure_text.ts";
import {
  lossNotes,
  messagesLine,
  pageNotes,
} from "../lib/rendering/page_notes.ts";
import { notJoined } from "../lib/conversation/not_joined.ts";
import { wholeNumber } from "./cli/whole_number.ts";
import { defined } from "../lib/defined.ts";

export const command = cliCommand<MessagesFlags, [room?: string]>({
  brief: "Show unread messages, oldest first, and mark them read",
  example: "agentnet messages --wait 60s",
  help:
    "Shows unread messages, oldest first, inside a fence: what stands there was written by others. What was shown " +
    "counts as read, the head of a long text too, unless --peek, --after or --all is given; --digest and --again mark " +
    "nothing. With --last and --skip what was passed over stays unread. The short id before a message is what 'show' " +
    "and 'reply' take.",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      wait: readFlag(
        parseWait,
        "60s",
        "Wait so long for a message; exit code 6 if none came",
      ),
      limit: readFlag(wholeNumber(1, 500), "n", "Show at most so many (50)"),
      last: readFlag(
        wholeNumber(1, 500),
        "n",
        "The newest ones, so many, oldest of them first",
      ),
      skip: readFlag(
        wholeNumber(0, 1_000_000),
        "n",
        "Pass over so many: the oldest, with --last the newest",
      ),
      peek: switchFlag("Leave them unread"),
      after: readFlag(
        wholeNumber(0, Number.MAX_SAFE_INTEGER),
        "cursor",
        "Those after this cursor, read or not",
      ),
      all: switchFlag("Also those that were read"),
      from: textFlag(
        "who",
        "Only from this key, its first 8 characters or more, or this name",
      ),
      mention: switchFlag("Only those that name this agent"),
      count: switchFlag("Only how many; exit code 6 if none"),
      digest: switchFlag(
        "What they come to, in 2000 bytes: who said how many, what is for you, open questions",
      ),
      again: switchFlag("Show the last page that was read once more"),
      follow: switchFlag("Go on showing what comes until stopped"),
      ...MAX_BYTES_FLAG,
      raw: switchFlag("Show text as it came, without fence and marks"),
    },
    positional: {
      kind: "tuple",
      parameters: [{ ...roomWord("Only of this room"), optional: true }],
    },
  },
  async checkFirst(context, flags, { word, takesValue }) {
    refuseMixed(flags, undefined);
    // With a value the line lacks one: nothing but flags can stand behind a room.
    if (takesValue) return;
    const api = await daemonApi(context, flags);
    await refuseRoomAsFlag(api, { name: "messages", word });
  },
  async run(context, flags, room) {
    refuseMixed(flags, room);
    const query = messagesQuery(flags, room);
    const api = await daemonApi(context, flags);
    const asked = { api, query };
    if (flags.wait !== undefined || flags.follow) await refuseVainWait(asked);
    if (flags.count) return await count(context, flags, asked);
    if (flags.digest) return await digest(context, flags, asked);
    if (flags.follow) return await followMessages(context, flags, asked);
    const came = await api.messages(
      defined({ ...query, wait_ms: flags.wait }),
    );
    const isEmpty = came.messages.length === 0;
    const there = isEmpty && flags.wait === undefined
      ? await tellNotJoined(context, asked)
      : {};
    const page = { ...came, ...there };
    if (isEmpty && flags.wait !== undefined) {
      return await nothingCame(context, flags, { ...asked, page });
    }
    return await show(context, flags, { ...asked, page });
  },
});

/** No message, but perhaps what could not be had. */
async function nothingCame(
  context: CliContext,
  flags: MessagesFlags,
  { api, query, page }: Asked & { page: MessagesPage },
): Promise<ExitCode> {
  const failure = new Failure("NOTHING_CAME");
  const beside = besideFailure(page, failure, flags);
  const isShown = !flags.json || Object.keys(beside).length > 0;
  if (!flags.json) { for (const one of lossNotes(page)) note(context, one); }
  const code = tellFailure(context, failure, {
    json: flags.json ?? false,
    beside,
  });
  if (isShown && !keepsUnread(flags)) await markShown(api, query, page);
  return code;
}

/** The page without messages that goes along with a failure, where it fits. */
function besideFailure(
  page: MessagesPage,
  failure: Failure,
  { maxBytes }: MessagesFlags,
): object {
  if (!maxBytes) return page;
  const beside = { ...page, gaps: gapSums(page.gaps) };
  const whole = visibleJson({ error: failure.toJson(), ...beside });
  return byteLength(whole) < maxBytes ? beside : {};
}

/** A way to the daemon, and what is asked of it. */
export interface Asked {
  readonly api: LocalApi;
  readonly query: MessagesQuery;
}

/** What is known of the room beside its messages; in JSON a part of the page. */
interface Presence {
  readonly not_joined?: true;
}

/** Nothing will come of a room that this agent is not in. @throws Failure NOT_IN_ROOM */
async function refuseVainWait({ api, query }: Asked): Promise<void> {
  const failure = await notJoined(api, query);
  if (failure !== null) throw failure;
}

/** Says it where nothing is there of a room that this agent is not in. */
async function tellNotJoined(
  context: CliContext,
  { api, query }: Asked,
): Promise<Presence> {
  const failure = await notJoined(api, query);
  if (failure === null) return {};
  note(context, failureLine(failure));
  return { not_joined: true };
}

/** What the messages come to. Nothing is marked read: they were not shown. */
async function digest(
  context: CliContext,
  flags: MessagesFlags,
  { api, query }: Asked,
): Promise<ExitCode> {
  const found = await api.digest(query);
  if (found.count === 0) await tellNotJoined(context, { api, query });
  answerDigest(context, flags, {
    digest: found,
    all: messagesLine(query),
  });
  return EXIT.done;
}

async function count(
  context: CliContext,
  flags: MessagesFlags,
  { api, query }: Asked,
): Promise<ExitCode> {
  if (flags.wait !== undefined) {
    await api.messages({ ...query, limit: 1, wait_ms: flags.wait });
  }
  const found = await api.count(query);
  if (found.count === 0 && flags.wait === undefined) {
    await tellNotJoined(context, { api, query });
  }
  answer(context, flags, { json: found, text: () => `${found.count}` });
  return found.count > 0 ? EXIT.done : EXIT.nothingCame;
}

async function show(
  context: CliContext,
  flags: MessagesFlags,
  { api, query, page }: Asked & { page: MessagesPage },
): Promise<ExitCode> {
  const { messages } = page;
  const keep = query.last === undefined ? "oldest" : "newest";
  const left = (shown: number) => page.remaining + messages.length - shown;
  const shown = writeMessages(context, {
    ...flags,
    messages,
    keep,
    after: (count) =>
      pageNotes({
        ...{ page, query, shown: count, left: left(count) },
        keepsUnread: keepsUnread(flags),
      }),
    around: (some) => ({
      ...page,
      ...(flags.maxBytes ? { gaps: gapSums(page.gaps) } : {}),
      messages: some,
      remaining: left(some.length),
    }),
  });
  if (!keepsUnread(flags)) {
    const seen = some(messages, shown, keep);
    await markShown(api, query, { ...page, messages: seen });
  }
  return EXIT.done;
}
