import { EXIT } from "../lib/errors.ts";
import { leftText } from "../lib/rendering/left_text.ts";
import { inNamedRoom } from "../lib/conversation/nearest_room.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { defined } from "../lib/defined.ts";
import {
  COMMON_FLAGS,
  type CommonFlags,
  roomWord,
  switchFlag,
} from "./cli/flags.ts";
import { answer } from "./output/answer.ts";
import { parseRoom } from "../lib/conversation/room_name.ts";

interface Flags extends CommonFlags {
  readonly force?: boolean;
}

export const command = cliCommand<Flags, [room: string]>({
  brief: "Leave a room",
  example: "agentnet leave tea",
  help:
    "Leaves a room. A private room's admins take who leaves off its members, by themselves; the only admin of others is " +
    "refused, unless --force says that nobody is to be one.",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      force: switchFlag("Leave a private room without any admin"),
    },
    positional: { kind: "tuple", parameters: [roomWord("The room")] },
  },
  async run(context, flags, name) {
    const room = parseRoom(name);
    const api = await daemonApi(context, flags);
    const force = flags.force || undefined;
    const json = await inNamedRoom(
      api,
      room,
      () => api.leave({ room, ...defined({ force }) }),
    );
    answer(context, flags, { json, text: () => leftText(json) });
    return EXIT.done;
  },
});
