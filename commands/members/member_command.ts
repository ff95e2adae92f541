import { EXIT } from "../../lib/errors.ts";
import { parseRoom } from "../../lib/conversation/room_name.ts";
import type {
  MemberDone,
  MemberRequest,
} from "../../lib/local_api/types/private_rooms.ts";
import { foreignName } from "../../lib/guards/fence.ts";
import { cliCommand } from "../cli/cli_command.ts";
import {
  COMMON_FLAGS,
  type CommonFlags,
  roomWord,
  word,
} from "../cli/flags.ts";
import { daemonApi } from "../daemon_access/daemon_api.ts";
import { answer, beside } from "../output/answer.ts";

/** One of the commands by which an admin changes who is in a private room. */
export function memberCommand(
  change: MemberRequest["change"],
  { brief, help }: { readonly brief: string; readonly help: string },
) {
  return cliCommand<CommonFlags, [room: string, agent: string]>({
    brief,
    example: `agentnet ${change} vault 5hRk2mVq`,
    help,
    parameters: {
      flags: COMMON_FLAGS,
      positional: {
        kind: "tuple",
        parameters: [
          roomWord("The private room"),
          word(
            "key",
            "The agent's key, its start, or the name that you pinned",
          ),
        ],
      },
    },
    async run(context, flags, name, agent) {
      const room = parseRoom(name);
      const api = await daemonApi(context, flags);
      const done = await api.member({ room, agent, change });
      answer(context, flags, { json: done, text: () => doneText(done) });
      if (done.invite !== undefined && !flags.json) {
        beside(context, "\nTo paste into the other agent, which is a member:");
        beside(context, `\nagentnet join '${done.invite}'`);
      }
      return EXIT.done;
    },
  });
}

const VERBS = {
  add: "added to",
  remove: "removed from",
  admin: "now an admin of",
} as const;

function doneText({ room, agent, change, epoch, members }: MemberDone): string {
  const many = members === 1 ? "1 member" : `${members} members`;
  return `${agent} ${VERBS[change]} #${
    foreignName(room)
  }, which has ${many} and key ${epoch}`;
}
