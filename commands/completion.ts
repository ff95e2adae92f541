import { EXIT, Failure } from "../lib/errors.ts";
import {
  type CliCommand,
  cliCommand,
  type Registry,
} from "./cli/cli_command.ts";
import { JSON_FLAG, words } from "./cli/flags.ts";
import { answer } from "./output/answer.ts";
import { proposeWords } from "./completion/propose_words.ts";
import {
  type Shell,
  SHELL_SCRIPTS,
  SHELLS,
} from "./completion/shell_scripts.ts";

/** The command, over the commands that it proposes, of which it is itself one. */
export function completion(registry: Registry): CliCommand {
  return cliCommand<{ readonly json?: boolean }, string[]>({
    brief: "Print the script by which a shell completes lines",
    example: 'eval "$(agentnet completion bash)"',
    help:
      "Prints a script that makes a shell complete commands, flags and rooms; rooms are known while the daemon runs. " +
      'In ~/.bashrc or ~/.zshrc: eval "$(agentnet completion bash)", with the name of the shell; in config.fish: ' +
      "agentnet completion fish | source. The script itself calls 'completion words -- LINE'.",
    usage: "bash|zsh|fish",
    parameters: {
      flags: JSON_FLAG,
      positional: words("shell", "bash, zsh or fish"),
    },
    async run(context, flags, first = "", ...rest) {
      if (first === "words") {
        const found = await proposeWords(
          context,
          registry,
          rest.length > 0 ? rest : [""],
        );
        answer(context, flags, {
          json: { words: found },
          text: () => found.join("\n"),
        });
        return EXIT.done;
      }
      if (!isShell(first) || rest.length > 0) {
        const fix = `name one: agentnet completion ${SHELLS.join(", or ")}`;
        const reason = "there is a script for bash, zsh and fish";
        throw new Failure("USAGE", { fields: { reason, fix } });
      }
      const script = SHELL_SCRIPTS[first];
      answer(context, flags, {
        json: { script },
        text: () => script.trimEnd(),
      });
      return EXIT.done;
    },
  });
}

const isShell = (word: string): word is Shell =>
  SHELLS.some((shell) => shell === word);
