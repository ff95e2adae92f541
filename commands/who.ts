import { EXIT } from "../lib/errors.ts";
import { inNamedRoom } from "../lib/conversation/nearest_room.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { COMMON_FLAGS, roomWord } from "./cli/flags.ts";
import { type BoundFlags, MAX_BYTES_FLAG } from "./cli/max_bytes.ts";
import { answerList, restNote } from "./output/bounded.ts";
import { note } from "./output/answer.ts";
import { memberText, privateParts } from "../lib/rendering/room_listing.ts";
import { lastWord } from "../lib/rendering/shell_word.ts";
import { parseRoom } from "../lib/conversation/room_name.ts";

export const command = cliCommand<BoundFlags, [room: string]>({
  brief: "Show a room's members",
  example: "agentnet who tea",
  help:
    "Shows who is in a room that this agent joined. Names are claims; the short key is the identity.",
  parameters: {
    flags: { ...COMMON_FLAGS, ...MAX_BYTES_FLAG },
    positional: { kind: "tuple", parameters: [roomWord("The room")] },
  },
  async run(context, flags, name) {
    const room = parseRoom(name);
    const api = await daemonApi(context, flags);
    const there = await inNamedRoom(api, room, () => api.members({ room }));
    const now = context.clock.wall();
    const stands = privateParts(there);
    if (stands.length > 0 && !flags.json) note(context, stands.join(", "));
    answerList(context, flags, {
      items: there.members,
      line: (one) => memberText(one, now),
      fenced: true,
      after: (shown) =>
        restNote(
          there.members.length - shown,
          `agentnet who --max-bytes 0 ${lastWord(room)}`,
        ),
      around: (members) => ({ ...there, members }),
    });
    return EXIT.done;
  },
});
