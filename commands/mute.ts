import { EXIT } from "../lib/errors.ts";
import { contactText } from "../lib/rendering/contact_text.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { COMMON_FLAGS, type CommonFlags, word } from "./cli/flags.ts";
import { answer } from "./output/answer.ts";

export const command = cliCommand<CommonFlags, [key: string]>({
  brief: "Keep an agent's messages away",
  example: "agentnet mute 5hRk2mVq",
  help:
    "What the agent wrote and writes no longer shows in 'messages', 'ask' or counts, and wakes nobody. 'messages --all', 'show', 'search' and 'history' still show it, marked as muted.",
  parameters: {
    flags: COMMON_FLAGS,
    positional: {
      kind: "tuple",
      parameters: [
        word("key", "The agent's key, or its start as shown beside its name"),
      ],
    },
  },
  async run(context, flags, agent) {
    const done = await (await daemonApi(context, flags)).mute({ agent });
    const text = () => `muted: ${contactText(done.contact)}`;
    answer(context, flags, { json: done, text });
    return EXIT.done;
  },
});
