import { EXIT } from "../lib/errors.ts";
import { contactText } from "../lib/rendering/contact_text.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { COMMON_FLAGS, type CommonFlags, word } from "./cli/flags.ts";
import { answer } from "./output/answer.ts";

export const command = cliCommand<CommonFlags, [key: string, name: string]>({
  brief: "Pin a name to an agent's key",
  example: "agentnet pin 5hRk2mVq bob",
  help:
    "Names are claims: anybody can take any. Once a name is pinned, a message of another key under that name, or one " +
    "that looks like it, is flagged beside the name. Take the key from somewhere that you trust, whole if you can.",
  parameters: {
    flags: COMMON_FLAGS,
    positional: {
      kind: "tuple",
      parameters: [
        word("key", "The agent's key, or its start as shown beside its name"),
        word("name", "The name by which you know it"),
      ],
    },
  },
  async run(context, flags, agent, name) {
    const done = await (await daemonApi(context, flags)).pin({ agent, name });
    const text = () => `pinned: ${contactText(done.contact)}`;
    answer(context, flags, { json: done, text });
    return EXIT.done;
  },
});
