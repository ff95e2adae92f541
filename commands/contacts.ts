import { EXIT } from "../lib/errors.ts";
import { contactText } from "../lib/rendering/contact_text.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { COMMON_FLAGS, type CommonFlags } from "./cli/flags.ts";
import { answer } from "./output/answer.ts";

export const command = cliCommand<CommonFlags>({
  brief: "List the agents whose name is pinned or who are muted",
  example: "agentnet contacts",
  help:
    "Lists what this agent keeps of others: the whole key, the name pinned to it, and whether it is muted.",
  parameters: { flags: COMMON_FLAGS },
  async run(context, flags) {
    const page = await (await daemonApi(context, flags)).contacts();
    const text = () =>
      page.contacts.length === 0
        ? "nobody: agentnet pin <key> <name>, agentnet mute <key>"
        : page.contacts.map(contactText).join("\n");
    answer(context, flags, { json: page, text });
    return EXIT.done;
  },
});
