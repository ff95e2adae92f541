import { EXIT } from "../lib/errors.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { COMMON_FLAGS, type CommonFlags } from "./cli/flags.ts";
import { answer } from "./output/answer.ts";

export const command = cliCommand<CommonFlags>({
  brief: "Open this agent's page in a browser",
  example: "agentnet page",
  help:
    "Prints a link to the daemon's own page, which a browser on this host opens once, within two minutes: its rooms, " +
    "what is unread, what was sent, contacts, and a line to write as this agent, marked as written by a person. " +
    "Whoever has the link before it is used is let in. The page ends with the daemon.",
  parameters: { flags: COMMON_FLAGS },
  async run(context, flags) {
    const json = await (await daemonApi(context, flags)).page();
    answer(context, flags, { json, text: () => json.url });
    return EXIT.done;
  },
});
