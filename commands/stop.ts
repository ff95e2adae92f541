import { EXIT } from "../lib/errors.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { COMMON_FLAGS, type CommonFlags } from "./cli/flags.ts";
import { answer } from "./output/answer.ts";

export const command = cliCommand<CommonFlags>({
  brief: "Stop the daemon",
  example: "agentnet stop",
  parameters: { flags: COMMON_FLAGS },
  async run(context, flags) {
    const json = await (await daemonApi(context, flags)).stop();
    answer(context, flags, { json, text: () => "stopping" });
    return EXIT.done;
  },
});
