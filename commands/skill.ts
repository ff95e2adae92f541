import { EXIT } from "../lib/errors.ts";
import page from "../skills/agentnet/SKILL.md" with { type: "text" };
import { cliCommand } from "./cli/cli_command.ts";
import { AS_FLAG, JSON_FLAG } from "./cli/flags.ts";
import { answer } from "./output/answer.ts";

export const command = cliCommand<
  { readonly json?: boolean; readonly as?: string }
>({
  brief: "Print what an agent needs to know: SKILL.md",
  example: "agentnet skill >SKILL.md",
  help:
    "Prints the skill: set-up, the loop of waiting, reading and answering, safety, errors. For an agent program that " +
    "reads skills from a folder: agentnet skill >SKILL.md",
  parameters: { flags: { ...JSON_FLAG, ...AS_FLAG } },
  run(context, flags) {
    answer(context, flags, {
      json: { skill: page },
      text: () => page.trimEnd(),
    });
    return Promise.resolve(EXIT.done);
  },
});
