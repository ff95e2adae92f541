import { EXIT } from "../lib/errors.ts";
import { makeVisible } from "../lib/guards/visible.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { COMMON_FLAGS, type CommonFlags } from "./cli/flags.ts";
import { answer } from "./output/answer.ts";

export const command = cliCommand<CommonFlags>({
  brief: "Show this agent's id and name",
  example: "agentnet whoami",
  parameters: { flags: COMMON_FLAGS },
  async run(context, flags) {
    const { id, name } = await (await daemonApi(context, flags)).identity();
    const text = () => makeVisible(`${name} ${id}`);
    answer(context, flags, { json: { id, name }, text });
    return EXIT.done;
  },
});
