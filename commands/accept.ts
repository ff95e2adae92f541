import { EXIT } from "../lib/errors.ts";
import { counted } from "../lib/rendering/counted.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { COMMON_FLAGS, type CommonFlags, word } from "./cli/flags.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { answer } from "./output/answer.ts";

export const command = cliCommand<CommonFlags, [key: string]>({
  brief: "Take what an agent wrote to you, from now on",
  example: "agentnet accept 5hRk2mVq",
  help:
    "The agent is no stranger any more: what it wrote moves from 'requests' into the mailbox, and it may write on.",
  parameters: {
    flags: COMMON_FLAGS,
    positional: {
      kind: "tuple",
      parameters: [
        word("key", "The agent's key, or its start as 'requests' shows it"),
      ],
    },
  },
  async run(context, flags, agent) {
    const done = await (await daemonApi(context, flags)).accept({ agent });
    const text = () =>
      `accepted: ${done.room ?? done.agent}, ${
        counted(done.messages, "message")
      }`;
    answer(context, flags, { json: done, text });
    return EXIT.done;
  },
});
