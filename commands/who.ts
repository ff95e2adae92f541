import { EXIT } from "../lib/errors.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { COMMON_FLAGS, type CommonFlags, roomWord } from "./cli/flags.ts";
import { answer } from "./output/answer.ts";
import { newFence } from "../lib/rendering/message_list.ts";
import { agentText } from "../lib/rendering/speakers.ts";
import { timeText } from "../lib/rendering/time_text.ts";
import { parseRoom } from "../lib/conversation/room_name.ts";

export const command = cliCommand<CommonFlags, [room: string]>({
  brief: "Show a room's members",
  example: "agentnet who tea",
  help:
    "Shows who is in a room that this agent joined. Names are claims; the short key is the identity.",
  parameters: {
    flags: COMMON_FLAGS,
    positional: { kind: "tuple", parameters: [roomWord("The room")] },
  },
  async run(context, flags, name) {
    const room = parseRoom(name);
    const there = await (await daemonApi(context, flags)).members({ room });
    const text = () => {
      const now = context.clock.wall();
      const fence = newFence(context);
      const lines = there.members.map((one) =>
        `${agentText(one.id, one.name)}  joined ${timeText(one.joined_at, now)}`
      );
      return [fence.open, ...lines, fence.close].join("\n");
    };
    answer(context, flags, { json: there, text });
    return EXIT.done;
  },
});
