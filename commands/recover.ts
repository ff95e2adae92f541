import { EXIT } from "../lib/errors.ts";
import { foreignName } from "../lib/guards/fence.ts";
import type { Recovered } from "../lib/local_api/types/private_rooms.ts";
import { defined } from "../lib/defined.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { COMMON_FLAGS, type CommonFlags, word } from "./cli/flags.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { answer } from "./output/answer.ts";

export const command = cliCommand<CommonFlags, [wire?: string]>({
  brief: "Find private rooms again by this agent's key alone",
  example: "agentnet recover",
  help:
    "Looks into the private rooms of the relay, and enters those whose key is sealed to this agent and in which it spoke " +
    "before. One in which it never spoke is named alone: anybody can make one and seal its key to you. Enter it by that " +
    "name if you know whose it is.",
  parameters: {
    flags: COMMON_FLAGS,
    positional: {
      kind: "tuple",
      parameters: [{
        ...word("wire", "A room's name on the wire, p-…"),
        optional: true,
      }],
    },
  },
  async run(context, flags, wire) {
    const api = await daemonApi(context, flags);
    const found = await api.recover(defined({ wire }));
    answer(context, flags, { json: found, text: () => foundText(found) });
    return found.rooms.length === 0 ? EXIT.nothingCame : EXIT.done;
  },
});

const STATUS = {
  recovered: "entered again",
  known: "was here",
  unproven: "not entered: this agent never spoke there; agentnet recover",
} as const;

function foundText({ rooms }: Recovered): string {
  if (rooms.length === 0) return "no private room's key is sealed to you here";
  return rooms.map(({ name, wire, status }) => {
    const end = status === "unproven" ? ` ${wire}` : "";
    return `#${foreignName(name)}  ${STATUS[status]}${end}`;
  }).join("\n");
}
