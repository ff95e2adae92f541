import { findMessage } from "../lib/conversation/message_lookup.ts";
import { parseRoom } from "../lib/conversation/room_name.ts";
import { defined } from "../lib/defined.ts";
import { EXIT, Failure } from "../lib/errors.ts";
import type { AnyMessage } from "../lib/local_api/types/messages.ts";
import { fileFacts } from "../lib/rendering/file_text.ts";
import { fencedText } from "../lib/guards/fence.ts";
import { saveFile } from "../lib/attachments/save_file.ts";
import { transferOf } from "./attach/transfer.ts";
import { cliCommand } from "./cli/cli_command.ts";
import type { CliContext } from "./cli/cli_context.ts";
import {
  COMMON_FLAGS,
  type CommonFlags,
  roomFlag,
  textFlag,
  word,
} from "./cli/flags.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { answer } from "./output/answer.ts";
import { ProgressNotes } from "./output/progress_notes.ts";

interface Flags extends CommonFlags {
  readonly out?: string;
  readonly from?: string;
  readonly room?: string;
}

export const command = cliCommand<Flags, [id: string]>({
  brief: "Get the file that goes with a message",
  example: "agentnet get k7q2xm --out report.pdf",
  help:
    "Writes the file of a message, named by the id that stands before it, to a new file; one that is there already is " +
    "not touched, and no path that its sender chose is used. Its hash is checked on the way: of a file that is not the " +
    "one that was sent nothing is kept. It is not opened: what stands in it was written by others.",
  names: "id",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      out: textFlag("path", "Write it to this new file"),
      from: textFlag("who", "Key of its author, or the start of it"),
      room: roomFlag("Look for it in this room of the relay"),
    },
    positional: {
      kind: "tuple",
      parameters: [word("id", "The message's short id, number or id")],
    },
  },
  async run(context, flags, id) {
    const { out: path } = flags;
    if (path === undefined) throw outMissing();
    const named = {
      word: id,
      from: flags.from,
      room: flags.room === undefined ? undefined : parseRoom(flags.room),
    };
    const message = await findMessage(await daemonApi(context, flags), named);
    const file = fileOf(message, id);
    const { from } = message;
    const progress = new ProgressNotes(context, "files");
    await whileWanted(context, async (signal) =>
      await saveFile(
        {
          query: { id, from, ...defined({ room: named.room }) },
          ...{ file, path, signal },
          create: (at) => context.createFile(at),
        },
        await transferOf(context, flags),
        (bytes) => progress.of(bytes, file.size),
      ));
    const text = `${path}: ${fileFacts(file)}, sent as ${
      fencedText(file.name)
    }`;
    answer(context, flags, { json: { path, file }, text: () => text });
    return EXIT.done;
  },
});

function outMissing(): Failure {
  return new Failure("USAGE", {
    fields: {
      reason: "where the file is to go is missing",
      fix: "name a new file: agentnet get ID --out PATH",
    },
  });
}

function fileOf({ file }: AnyMessage, id: string) {
  if (file !== undefined) return file;
  throw new Failure("NOT_FOUND", {
    fields: {
      what: `file with the message '${id.slice(0, 128)}'`,
      fix: "see what there is: agentnet files ROOM",
    },
  });
}

/** Until it is done, or somebody ends this program: then too nothing half is left. */
async function whileWanted(
  context: CliContext,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const ended = new AbortController();
  const reason = "this program was ended";
  const end = () =>
    ended.abort(new Failure("NOT_CONNECTED", { fields: { reason } }));
  const quiet = (["SIGINT", "SIGTERM"] as const)
    .map((signal) => context.onSignal(signal, end));
  try {
    await work(ended.signal);
  } finally {
    for (const off of quiet) off();
  }
}
