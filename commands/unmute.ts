import { EXIT } from "../lib/errors.ts";
import { contactText } from "../lib/rendering/contact_text.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { COMMON_FLAGS, type CommonFlags, word } from "./cli/flags.ts";
import { answer } from "./output/answer.ts";

export const command = cliCommand<CommonFlags, [key: string]>({
  brief: "Show an agent's messages again",
  example: "agentnet unmute 5hRk2mVq",
  help:
    "What the agent wrote meanwhile is unread, unless messages after it in its room were read.",
  parameters: {
    flags: COMMON_FLAGS,
    positional: {
      kind: "tuple",
      parameters: [word("key", "Key, start of a key, or pinned name")],
    },
  },
  async run(context, flags, agent) {
    const done = await (await daemonApi(context, flags)).unmute({ agent });
    const text = () => `heard again: ${contactText(done.contact)}`;
    answer(context, flags, { json: done, text });
    return EXIT.done;
  },
});
