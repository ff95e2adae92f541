import { EXIT, type ExitCode, Failure } from "../lib/errors.ts";
import type { LocalApi } from "../lib/local_api/client.ts";
import type { ReceivedMessage, SendResult } from "../lib/local_api/types.ts";
import { messageId } from "../lib/conversation/message_id.ts";
import { askQuestion } from "../lib/conversation/question.ts";
import { cliCommand } from "./cli/cli_command.ts";
import type { CliContext } from "./cli/cli_context.ts";
import { parseWait } from "./cli/duration.ts";
import { COMMON_FLAGS, readFlag, roomAndWords, textFlag } from "./cli/flags.ts";
import { GUARD_FLAGS } from "./cli/guard_flags.ts";
import { apiToSend, type SendingFlags } from "./daemon_access/api_to_send.ts";
import { roomAndText } from "./cli/room_and_text.ts";
import { markShown } from "../lib/conversation/mark_shown.ts";
import { note, tellFailure } from "./output/answer.ts";
import { writeMessages } from "./output/message_page.ts";
import { tellSend } from "./output/send_outcome.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { refuseRoomAsFlag } from "../lib/conversation/room_as_flag.ts";
import { readBody } from "./cli/text_body.ts";
import { lastWord } from "../lib/rendering/shell_word.ts";
import { defined } from "../lib/defined.ts";

interface Flags extends SendingFlags {
  readonly file?: string;
  readonly force?: boolean;
  readonly from?: string;
  readonly timeout?: number;
}

const DEFAULT_TIMEOUT_MS = 60_000;

export const command = cliCommand<Flags, string[]>({
  brief: "Send a text and wait for the answer to it",
  example: 'agentnet ask tea "Which one?" --timeout 60s',
  help:
    "Sends a text and prints only the message that answers it, as 'reply' sends it. On a relay that carries no such " +
    "marks, the first message of somebody else in the room counts as the answer, and that is said. Anybody in the room " +
    "can answer first: --from takes the answer of one agent alone.",
  usage: "<room> <text>... [flags], or <room> - to read standard input",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      ...GUARD_FLAGS,
      file: textFlag(
        "file",
        "Send what stands in a file (- is standard input)",
      ),
      from: textFlag(
        "who",
        "Only an answer by this agent: its key, the start of it, or a name",
      ),
      timeout: readFlag(parseWait, "60s", "Wait at most so long (60s)"),
    },
    positional: roomAndWords("text", "The room's name, then the text"),
  },
  async checkFirst(context, flags, { word }) {
    const api = await daemonApi(context, flags);
    await refuseRoomAsFlag(api, { name: "ask", word });
  },
  async run(context, flags, ...args) {
    const { room, rest } = roomAndText(args, "ask tea Which one?");
    const text = await readBody(context, { words: rest, file: flags.file });
    const api = await apiToSend(context, flags, [text]);
    const asked = await askQuestion(context, api, {
      room,
      text,
      id: messageId(undefined, (count) => context.randomBytes(count)),
      ...defined({ force: flags.force || undefined, from: flags.from }),
      timeoutMs: flags.timeout ?? DEFAULT_TIMEOUT_MS,
    });
    const { sent, reply, others, exact } = asked;
    if (sent.status !== "accepted") return tellSend(context, flags, sent);
    if (reply === null) return noReply(context, flags, { sent, others });
    return await tellReply(context, flags, { api, sent, reply, exact });
  },
});

interface Unanswered {
  readonly sent: SendResult;
  readonly others: number;
}

function noReply(
  context: CliContext,
  flags: Flags,
  { sent, others }: Unanswered,
): ExitCode {
  if (others > 0) {
    note(
      context,
      `${others} other messages came in the meantime: agentnet messages ${
        lastWord(sent.room)
      }`,
    );
  }
  return tellFailure(context, new Failure("NOTHING_CAME"), {
    json: flags.json ?? false,
    beside: { sent },
  });
}

interface Replied {
  readonly api: LocalApi;
  readonly sent: SendResult;
  readonly reply: ReceivedMessage;
  readonly exact: boolean;
}

async function tellReply(
  context: CliContext,
  flags: Flags,
  { api, sent, reply, exact }: Replied,
): Promise<ExitCode> {
  if (!exact) {
    note(
      context,
      "this relay carries no marks for answers: this is the first message after the question",
    );
  }
  writeMessages(context, {
    ...flags,
    messages: [reply],
    after: () => [],
    around: (some) => ({ sent, reply: some[0] }),
  });
  // As with a filter: earlier unread messages of the room stay unread.
  const filter = { room: sent.room, from: reply.from };
  await markShown(api, filter, { messages: [reply], gaps: [] });
  return EXIT.done;
}
