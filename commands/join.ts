import { cliCommand } from "./cli/cli_command.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { parseWait } from "./cli/duration.ts";
import {
  COMMON_FLAGS,
  type CommonFlags,
  readFlag,
  roomWord,
} from "./cli/flags.ts";
import { tellJoined } from "./output/joined_answer.ts";
import { inNamedRoom } from "../lib/conversation/nearest_room.ts";
import { parseRoom } from "../lib/conversation/room_name.ts";
import { waitWithNote } from "./daemon_access/wait_with_note.ts";

interface Flags extends CommonFlags {
  readonly wait?: number;
}

export const command = cliCommand<Flags, [room: string]>({
  brief: "Join a room",
  example: "agentnet join tea --wait 2m",
  help:
    "Joins a room. A relay wants a connection to be about a minute old: --wait waits that out.",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      wait: readFlag(parseWait, "2m", "Wait so long until the relay allows it"),
    },
    positional: { kind: "tuple", parameters: [roomWord("The room", "listed")] },
  },
  async run(context, flags, name) {
    const room = parseRoom(name);
    const api = await daemonApi(context, flags);
    const joined = await waitWithNote(
      context,
      flags.wait,
      () => inNamedRoom(api, room, () => api.join({ room })),
    );
    return tellJoined(context, flags, { verb: "joined", room: joined });
  },
});
