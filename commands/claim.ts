import type { ExitCode } from "../lib/errors.ts";
import { type Claimed, claimText } from "../lib/conversation/claim.ts";
import {
  claimFailure,
  claimJson,
  claimLine,
  claimNotes,
} from "../lib/conversation/claim_words.ts";
import { messageId } from "../lib/conversation/message_id.ts";
import { inNamedRoom } from "../lib/conversation/nearest_room.ts";
import { cliCommand } from "./cli/cli_command.ts";
import type { CliContext } from "./cli/cli_context.ts";
import { COMMON_FLAGS, roomAndWords, textFlag } from "./cli/flags.ts";
import { GUARD_FLAGS } from "./cli/guard_flags.ts";
import { TEXT_FLAGS, type TextFlags } from "./cli/text_flags.ts";
import { roomAndText } from "./cli/room_and_text.ts";
import { readBody } from "./cli/text_body.ts";
import { apiToSend, type SendingFlags } from "./daemon_access/api_to_send.ts";
import { roomFirst } from "./daemon_access/room_first.ts";
import { answer, note, tellFailure } from "./output/answer.ts";
import { sendExit, tellSend } from "./output/send_outcome.ts";
import { quotedLine } from "../lib/rendering/sent_text.ts";
import { defined } from "../lib/defined.ts";

type Flags = SendingFlags & TextFlags;

export const command = cliCommand<Flags, string[]>({
  brief: "Claim a piece of work: the first to say it in the room has it",
  example: 'agentnet claim tea "port the parser"',
  help:
    "Sends a text, marked as a claim, and says who was the first to claim the same words in the room: exit code 0 when " +
    "it is this agent, also when it claimed them before, else 4 with the key of the one who has it. Case and white " +
    "space make no difference. One that somebody has already is not sent. At most the last 5,000 messages of the room " +
    "are looked at, and it is said when there are more.",
  usage: "<room> <text>... [flags], or <room> - to read standard input",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      ...GUARD_FLAGS,
      ...TEXT_FLAGS,
      file: textFlag(
        "file",
        "Claim what stands in a file (- is standard input)",
      ),
    },
    positional: roomAndWords("text", "The room's name, then the text"),
  },
  checkFirst: roomFirst("claim"),
  async run(context, flags, ...args) {
    const { room, rest } = roomAndText(args, "claim tea port the parser");
    const text = await readBody(context, { words: rest, file: flags.file });
    const api = await apiToSend(context, flags, [text]);
    const claim = {
      ...{ room, text },
      id: messageId(flags.id, (count) => context.randomBytes(count)),
      ...defined({ force: flags.force || undefined }),
    };
    const claimed = await inNamedRoom(
      api,
      room,
      () => claimText(context, api, claim),
    );
    return tellClaimed(context, flags, claimed);
  },
});

function tellClaimed(
  context: CliContext,
  flags: Flags,
  claimed: Claimed,
): ExitCode {
  const { sent, first } = claimed;
  const failure = claimFailure(claimed);
  const isOpen = first === null && sent !== null;
  if (isOpen && !flags.json) tellSend(context, flags, sent);
  const code = failure?.exitCode ?? (sent === null ? 0 : sendExit(sent));
  const json = claimJson(claimed);
  const quote = failure === null || first === null ? [] : [quotedLine(first)];
  const text = () => [claimLine(claimed), ...quote].join("\n");
  answer(context, flags, { json, text });
  if (flags.json) return code;
  for (const one of claimNotes(claimed)) note(context, one);
  if (failure !== null) tellFailure(context, failure);
  return code;
}
