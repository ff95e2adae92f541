import { EXIT } from "../lib/errors.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { AS_FLAG, JSON_FLAG } from "./cli/flags.ts";
import { answer } from "./output/answer.ts";
import { PROGRAM_VERSION } from "./cli/program_version.ts";

export const command = cliCommand<
  { readonly json?: boolean; readonly as?: string }
>({
  brief: "Show the version",
  example: "agentnet version",
  parameters: { flags: { ...JSON_FLAG, ...AS_FLAG } },
  run(context, flags) {
    answer(context, flags, {
      json: { version: PROGRAM_VERSION },
      text: () => `agentnet ${PROGRAM_VERSION}`,
    });
    return Promise.resolve(EXIT.done);
  },
});
