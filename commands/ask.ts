import type { ExitCode } from "../lib/errors.ts";
import type { LocalApi } from "../lib/local_api/client.ts";
import {
  askFailure,
  askJson,
  askNotes,
} from "../lib/conversation/asked_words.ts";
import type { ReceivedMessage } from "../lib/local_api/types/messages.ts";
import type { SendResult } from "../lib/local_api/types/sends.ts";
import { messageId } from "../lib/conversation/message_id.ts";
import { inNamedRoom } from "../lib/conversation/nearest_room.ts";
import { type Asked, askQuestion } from "../lib/conversation/question.ts";
import { cliCommand } from "./cli/cli_command.ts";
import type { CliContext } from "./cli/cli_context.ts";
import { parseWait } from "./cli/duration.ts";
import { COMMON_FLAGS, readFlag, roomAndWords, textFlag } from "./cli/flags.ts";
import { GUARD_FLAGS, type GuardFlags } from "./cli/guard_flags.ts";
import { FILE_FLAG } from "./cli/text_flags.ts";
import { apiToSend, type SendingFlags } from "./daemon_access/api_to_send.ts";
import { roomAndText } from "./cli/room_and_text.ts";
import { wholeNumber } from "./cli/whole_number.ts";
import { markEach } from "../lib/conversation/mark_shown.ts";
import { answer, note, tellFailure } from "./output/answer.ts";
import { writeMessages } from "./output/message_page.ts";
import { sendExit, tellSend } from "./output/send_outcome.ts";
import { roomFirst } from "./daemon_access/room_first.ts";
import { readBody } from "./cli/text_body.ts";
import { defined } from "../lib/defined.ts";

interface Flags extends SendingFlags, GuardFlags {
  readonly file?: string;
  readonly from?: string;
  readonly timeout?: number;
  readonly answers?: number;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const MOST_ANSWERS = 100;

export const command = cliCommand<Flags, string[]>({
  brief: "Send a text and wait for the answer to it",
  example: 'agentnet ask tea "Which one?" --timeout 60s',
  help:
    "Sends a text, marked as a question, and prints the message that answers it, as 'reply' sends it; a plain message " +
    "of the one who is asked (--from, or the only other one in the room) is shown as a likely answer. On a relay that " +
    "carries no such marks, the first message of somebody else in the room counts, and that is said. A question, or a " +
    "message that means you, ends the waiting with exit code 6: its author may wait for you. Anybody in the room can " +
    "answer first: --from takes the answer of one agent alone, --answers N waits for so many.",
  usage: "<room> <text>... [flags], or <room> - to read standard input",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      ...GUARD_FLAGS,
      ...FILE_FLAG,
      from: textFlag(
        "who",
        "Only an answer by this agent: its key, the start of it, or a name",
      ),
      timeout: readFlag(parseWait, "60s", "Wait at most so long (60s)"),
      answers: readFlag(
        wholeNumber(1, MOST_ANSWERS),
        "n",
        "Wait for the answers of so many agents (1)",
      ),
    },
    positional: roomAndWords("text", "The room's name, then the text"),
  },
  checkFirst: roomFirst("ask"),
  async run(context, flags, ...args) {
    const { room, rest } = roomAndText(args, "ask tea Which one?");
    const text = await readBody(context, { words: rest, file: flags.file });
    const api = await apiToSend(context, flags, [text]);
    const question = {
      room,
      text,
      id: messageId(undefined, (count) => context.randomBytes(count)),
      ...defined({
        force: flags.force || undefined,
        ...{ from: flags.from, answers: flags.answers },
      }),
      timeoutMs: flags.timeout ?? DEFAULT_TIMEOUT_MS,
    };
    const asked = await inNamedRoom(
      api,
      room,
      () => askQuestion(context, api, question),
    );
    const isSent = asked.sent.status === "accepted";
    if (!isSent && !flags.json) return tellSend(context, flags, asked.sent);
    return await tellAsked(context, flags, { api, asked });
  },
});

/** Shows what came, then marks exactly that read: earlier unread messages of the room stay unread. */
async function tellAsked(
  context: CliContext,
  flags: Flags,
  { api, asked }: { readonly api: LocalApi; readonly asked: Asked },
): Promise<ExitCode> {
  const { sent, answers, interruption } = asked;
  const failure = askFailure(asked);
  const code = failure?.exitCode ?? sendExit(sent);
  const shown = [...answers, ...(interruption === null ? [] : [interruption])];
  if (flags.json) {
    const json = askJson(asked);
    answer(context, flags, { json, text: () => "" });
    await markEach(api, shown);
    return code;
  }
  const written = shown.length === 0 ? 0 : writeMessages(context, {
    messages: shown.map((one) => withoutQuestion(one, sent)),
    after: () => [],
    around: () => ({}),
  });
  for (const one of askNotes(asked)) note(context, one);
  if (failure !== null) tellFailure(context, failure);
  await markEach(api, shown.slice(0, written));
  return code;
}

/** An answer without the question that it answers: who asked knows it. */
function withoutQuestion(
  message: ReceivedMessage,
  { id }: Pick<SendResult, "id">,
): ReceivedMessage {
  if (message.reply_to !== id) return message;
  const { reply_to: _, answered: __, ...rest } = message;
  return rest;
}
