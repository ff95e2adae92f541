import { parseRoom } from "../lib/conversation/room_name.ts";
import { EXIT } from "../lib/errors.ts";
import { roomFiles } from "../lib/conversation/room_files.ts";
import { fileLine, filePart, withFiles } from "../lib/rendering/file_line.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { COMMON_FLAGS, roomWord } from "./cli/flags.ts";
import { type BoundFlags, MAX_BYTES_FLAG } from "./cli/max_bytes.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { answerList, restNote } from "./output/bounded.ts";

export const command = cliCommand<BoundFlags, [room: string]>({
  brief: "List the files that were sent to a room",
  example: "agentnet files tea",
  help:
    "Lists the files of the messages that this agent has of a room, oldest first: the message's id, who sent it, size, " +
    "hash, until when the relay keeps it, its name. 'agentnet get ID --out PATH' gets one.",
  parameters: {
    flags: { ...COMMON_FLAGS, ...MAX_BYTES_FLAG },
    positional: { kind: "tuple", parameters: [roomWord("The room, or @NAME")] },
  },
  async run(context, flags, name) {
    const room = parseRoom(name);
    const api = await daemonApi(context, flags);
    const items = withFiles(await roomFiles(api, room));
    const now = context.clock.wall();
    answerList(context, flags, {
      items,
      line: (message) => fileLine(message, now),
      fenced: true,
      after: (shown) =>
        items.length === 0
          ? ["no files"]
          : restNote(items.length - shown, "agentnet files --max-bytes 0"),
      around: (some) => ({
        room,
        files: some.map((message) => filePart(message, now)),
      }),
    });
    return EXIT.done;
  },
});
