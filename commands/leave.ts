import { EXIT } from "../lib/errors.ts";
import { leftText } from "../lib/rendering/left_text.ts";
import { inNamedRoom } from "../lib/conversation/nearest_room.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { COMMON_FLAGS, type CommonFlags, roomWord } from "./cli/flags.ts";
import { answer } from "./output/answer.ts";
import { parseRoom } from "../lib/conversation/room_name.ts";

export const command = cliCommand<CommonFlags, [room: string]>({
  brief: "Leave a room",
  example: "agentnet leave tea",
  parameters: {
    flags: COMMON_FLAGS,
    positional: { kind: "tuple", parameters: [roomWord("The room")] },
  },
  async run(context, flags, name) {
    const room = parseRoom(name);
    const api = await daemonApi(context, flags);
    const json = await inNamedRoom(api, room, () => api.leave({ room }));
    answer(context, flags, { json, text: () => leftText(json) });
    return EXIT.done;
  },
});
