import { resolve } from "node:path";
import {
  linesText,
  type SettingsFile,
  settingsFiles,
  SETUP_PROGRAMS,
  type SetupProgram,
} from "../lib/agent_programs/setup_table.ts";
import { defined } from "../lib/defined.ts";
import { EXIT, Failure } from "../lib/errors.ts";
import { identityOf, namedDataDir } from "../lib/local_api/data_dir_choice.ts";
import { shellWord } from "../lib/rendering/shell_word.ts";
import { cliCommand } from "./cli/cli_command.ts";
import type { CliContext } from "./cli/cli_context.ts";
import {
  AS_FLAG,
  COMMON_FLAGS,
  JSON_FLAG,
  switchFlag,
  word,
} from "./cli/flags.ts";
import { answer } from "./output/answer.ts";

interface Flags {
  readonly json?: boolean;
  readonly as?: string;
  readonly dataDir?: string;
  readonly remove?: boolean;
  readonly hooks?: boolean;
}

export const command = cliCommand<Flags, [program: string]>({
  brief: "Print the lines that an agent program wants in its settings",
  example: "agentnet setup claude",
  help:
    "Prints which file of the program takes which lines, and what each does; nothing is written. With --json it prints " +
    "the JSON of the file that holds the server, to be merged into it, or with --hooks that of the file that holds the " +
    "hooks. --remove prints what to take out again. docs/agents.md has them all.",
  parameters: {
    flags: {
      ...JSON_FLAG,
      ...AS_FLAG,
      dataDir: COMMON_FLAGS.dataDir,
      remove: switchFlag("What to take out again"),
      hooks: switchFlag("The hooks alone, by which the agent is told of news"),
    },
    positional: {
      kind: "tuple",
      parameters: [word("program", SETUP_PROGRAMS.join(", "))],
    },
  },
  run(context, { json = false, remove = false, hooks = false, dataDir }, name) {
    const program = programOf(name);
    const files = settingsFiles(
      program,
      agentWords(context, dataDir),
      shellWord,
    );
    const shown = hooks ? hooksOf(program, files) : files;
    answer(context, { json }, {
      json: json ? jsonOf(program, shown) : null,
      text: () =>
        [
          ...shown.map((one) => fileText(one, remove)),
          ...(remove ? [] : [ON_PATH]),
        ].join("\n\n"),
    });
    return Promise.resolve(EXIT.done);
  },
});

/** The program starts it without the shell in which this was typed. */
const ON_PATH =
  "The program has to find agentnet on its PATH; where it does not, write in place of agentnet what this prints: command -v agentnet";

/** The flag by which the commands of an agent program find this agent; it starts them anywhere. */
function agentWords(
  { env }: Pick<CliContext, "env">,
  dataDir: string | undefined,
): readonly string[] {
  const named = namedDataDir({ env, ...defined({ dataDir }) });
  if (named !== undefined) return ["--data-dir", resolve(named)];
  const as = identityOf({ env });
  return as === undefined ? [] : ["--as", as];
}

/** @throws {Failure} USAGE for a program that is not known. */
function programOf(name: string): SetupProgram {
  const program = SETUP_PROGRAMS.find((one) => one === name);
  if (program !== undefined) return program;
  throw usage(
    `nothing is known of '${name}'`,
    `one of ${
      SETUP_PROGRAMS.join(", ")
    }; others that take MCP servers: the command agentnet with the argument mcp`,
  );
}

/** @throws {Failure} USAGE for a program whose hooks are not known. */
function hooksOf(
  program: SetupProgram,
  files: readonly SettingsFile[],
): readonly SettingsFile[] {
  const own = files.filter(({ holds }) => holds === "hooks");
  if (own.length > 0) return own;
  throw usage(
    `${program} has no file for hooks alone`,
    "leave --hooks out: what there is stands in the one file",
  );
}

/** The last one is what the others prepare. @throws {Failure} USAGE for a file that is no JSON. */
function jsonOf(
  program: SetupProgram,
  files: readonly SettingsFile[],
): object {
  const server = files.find(({ holds }) => holds === "server");
  const { file, lines } = server ?? files.at(-1) as SettingsFile;
  if (lines.format === "json") return lines.value;
  throw usage(
    `${file} is no JSON, but ${lines.format.toUpperCase()}`,
    `leave --json out: agentnet setup ${program}`,
  );
}

function fileText({ file, lines, does }: SettingsFile, remove: boolean) {
  const what = remove ? "Take out of" : "Put into";
  return [
    `${what} ${file}:`,
    ...does.map((one) => `  ${one}`),
    "",
    linesText(lines),
  ].join("\n");
}

function usage(reason: string, fix: string): Failure {
  return new Failure("USAGE", { fields: { reason, fix } });
}
