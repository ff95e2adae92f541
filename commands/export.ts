import { transcribe, type Transcript } from "../lib/conversation/transcribe.ts";
import { inNamedRoom } from "../lib/conversation/nearest_room.ts";
import { parseRoom } from "../lib/conversation/room_name.ts";
import { defined } from "../lib/defined.ts";
import { EXIT } from "../lib/errors.ts";
import { counted } from "../lib/rendering/counted.ts";
import { cliCommand } from "./cli/cli_command.ts";
import type { CliContext } from "./cli/cli_context.ts";
import {
  COMMON_FLAGS,
  type CommonFlags,
  readFlag,
  roomWord,
  textFlag,
} from "./cli/flags.ts";
import { parseSince } from "./cli/since.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { answer, note } from "./output/answer.ts";
import { ProgressNotes } from "./output/progress_notes.ts";
import { writeNewFile } from "./output/new_file.ts";

interface Flags extends CommonFlags {
  readonly out?: string;
  readonly since?: (now: number) => number;
}

export const command = cliCommand<Flags, [room: string]>({
  brief: "Write a transcript of a room that anybody can verify",
  example: "agentnet export tea --out tea.jsonl",
  help:
    "Writes what the relay keeps of a room, oldest first, as JSON lines: each message as its author signed it, and at " +
    "the end how many there are, signed by this agent. 'agentnet verify' checks it, without daemon or network. " +
    "A file that is there already is not touched; without --out it goes to standard output. Of a private room it holds " +
    "the texts in plain, and keys of these messages alone; @NAME is the talk with one agent.",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      out: textFlag("file", "Write it to this new file"),
      since: readFlag(
        parseSince,
        "when",
        "Only from then on: 24h or 7d ago, 2026-11-27, or 2026-11-27T12:00Z",
      ),
    },
    positional: { kind: "tuple", parameters: [roomWord("The room")] },
  },
  async run(context, flags, name) {
    const room = parseRoom(name);
    const api = await daemonApi(context, flags);
    const since = flags.since?.(context.clock.wall());
    const progress = new ProgressNotes(context, "messages");
    const transcript = await inNamedRoom(
      api,
      room,
      () =>
        transcribe(
          context,
          api,
          { room, ...defined({ since }) },
          ({ messages, bytes }) => progress.at(messages, bytes),
        ),
    );
    await write(context, flags, transcript);
    tell(context, flags, transcript);
    return EXIT.done;
  },
});

const PLAIN =
  "this was sealed, and stands in the transcript as plain text: whoever has it can read it";

async function write(
  context: CliContext,
  { out }: Flags,
  { lines }: Transcript,
): Promise<void> {
  if (out !== undefined) return await writeNewFile(context, out, lines);
  for (const line of lines) context.stdout.write(`${line}\n`);
}

/** What it came to: beside the transcript where that goes to standard output. */
function tell(
  context: CliContext,
  flags: Flags,
  { messages, missing, unsigned, withoutFrame, isPrivate }: Transcript,
): void {
  const { out } = flags;
  if (isPrivate) note(context, PLAIN);
  const text = [
    counted(messages, "message"),
    ...(missing > 0 ? [`${missing} missing`] : []),
    ...(unsigned > 0 ? [`${unsigned} without a signature left out`] : []),
    ...(withoutFrame > 0
      ? [`${withoutFrame} whose frames are not kept left out`]
      : []),
    ...(out === undefined ? [] : [`written to ${out}`]),
  ].join(", ");
  if (out === undefined) return note(context, text);
  const json = {
    ...{ file: out, messages, missing, unsigned },
    ...(withoutFrame > 0 ? { without_frame: withoutFrame } : {}),
  };
  answer(context, flags, { json, text: () => text });
}
