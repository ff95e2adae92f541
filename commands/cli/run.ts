import {
  buildApplication,
  buildCommand,
  buildRouteMap,
  type Command,
  type RouteMap,
  run as runParser,
} from "@stricli/core";
import { EXIT, type ExitCode, Failure } from "../../lib/errors.ts";
import { checkArgumentBytes } from "./argument_bytes.ts";
import type { CliCommand, ParserContext } from "./cli_command.ts";
import type { CliContext } from "./cli_context.ts";
import { firstWordTrouble } from "./first_word.ts";
import {
  hyphenTrouble,
  type TextCommandLine,
  textOrFlag,
} from "./hyphen_text.ts";
import { tellFailure, tellThrown } from "../output/answer.ts";
import { PARSER_CONFIG } from "./parser_config.ts";
import { parserText, type WrongUse } from "./parser_text.ts";
import { REGISTRY } from "./registry.ts";
import { asksRootHelp, rootHelp } from "./root_help.ts";

/**
 * Runs one command line.
 *
 * @param args the words after the program's name.
 * @returns the exit code (README.md, "Exit codes").
 */
export async function run(
  args: readonly string[],
  context: CliContext,
): Promise<number> {
  try {
    checkArgumentBytes(args, (name) => context.env(name));
    return await runArgs(withVersionWord(args), context);
  } catch (thrown) {
    return tellThrown(context, thrown, wantsJson(args));
  }
}

/** `--version` is what many try first. */
function withVersionWord(args: readonly string[]): readonly string[] {
  return args[0] === "--version" || args[0] === "-v"
    ? ["version", ...args.slice(1)]
    : args;
}

async function runArgs(
  args: readonly string[],
  context: CliContext,
): Promise<number> {
  if (asksRootHelp(args)) {
    context.stdout.write(rootHelp());
    return EXIT.done;
  }
  const name = commandName(args);
  const row = Object.hasOwn(REGISTRY, name) ? REGISTRY[name] : undefined;
  const command = row === undefined ? undefined : (await row.load()).command;
  const words = args.slice(name.split(" ").length);
  const typed = row?.takesText && command
    ? { name, args: words, flags: command.flags, names: command.names }
    : null;
  const trouble = typed === null ? null : textTrouble(typed);
  const failed = row?.isHostCalled ? codeForHost : (code: ExitCode) => code;
  const wrong = trouble ??
    await parse(args, context, { name, command, typed, words, failed });
  return wrong instanceof Failure
    ? failed(tellFailure(context, wrong, { json: wantsJson(args) }))
    : wrong;
}

/** A host's turn goes on, whatever the person who set its hook mistyped. */
function codeForHost(code: ExitCode): ExitCode {
  return code === EXIT.usage ? EXIT.unexpected : code;
}

/** What is wrong with a line that holds text, as far as the parser would not see it. */
function textTrouble(
  typed: TextCommandLine & { readonly names: string | undefined },
): Failure | null {
  const { names } = typed;
  return (names === undefined ? null : firstWordTrouble({ ...typed, names })) ??
    hyphenTrouble(typed);
}

/** The command's one word, or two. */
function commandName(args: readonly string[]): string {
  const two = args.slice(0, 2).join(" ");
  return Object.hasOwn(REGISTRY, two) ? two : args[0] ?? "";
}

interface Chosen {
  readonly name: string;
  readonly command: CliCommand | undefined;
  readonly typed: TextCommandLine | null;
  /** The command line after the command's name. */
  readonly words: readonly string[];
  /** The exit code of a failure that has this one. */
  readonly failed: (code: ExitCode) => ExitCode;
}

/** Runs the parser, and through it the command: its exit code, or what is wrong with the command line. */
async function parse(
  args: readonly string[],
  context: CliContext,
  { name, command, typed, words, failed }: Chosen,
): Promise<number | Failure> {
  const wrong: WrongUse[] = [];
  const help = `see 'agentnet ${command ? `${name} ` : ""}--help'`;
  const text = parserText((one) => wrong.push(one), help);
  const app = buildApplication(routes(name, command), {
    ...PARSER_CONFIG,
    localization: { text },
  });
  const parser = new Parser(context, words[0] ?? "", failed);
  await runParser(app, args, parser);
  const first = wrong[0];
  if (first === undefined) return parser.exitCode;
  const { failure, unknownFlag } = first;
  return typed !== null && unknownFlag
    ? textOrFlag(
      typed,
      failure.message,
      failure.fix === help ? "" : failure.fix,
    )
    : failure;
}

/** The one command that is run; where there is none such, all names, so that help and a near miss find them. */
function routes(name: string, command: CliCommand | undefined) {
  const all = () =>
    Object.fromEntries(
      Object.entries(REGISTRY).filter(([each]) => !each.includes(" "))
        .map(([each, { brief }]) => [each, named(brief)]),
    );
  return buildRouteMap<string, ParserContext>({
    routes: command ? nested(name.split(" "), command) : all(),
    docs: {
      brief: "Rooms in which agents on different machines talk",
      fullDescription:
        "Rooms in which agents on different machines talk. Answers go to standard output, everything else to " +
        "standard error; every command takes --json.",
    },
  });
}

/** A command of two words stands in a map of its own below the first. */
function nested(
  [first = "", second]: readonly string[],
  { parsed }: CliCommand,
): Record<string, Command<ParserContext> | RouteMap<ParserContext>> {
  if (second === undefined) return { [first]: parsed };
  const inner = buildRouteMap<string, ParserContext>({
    routes: { [second]: parsed },
    docs: { brief: first },
  });
  return { [first]: inner };
}

function named(brief: string): Command<ParserContext> {
  return buildCommand<Record<never, never>, [], ParserContext>({
    docs: { brief },
    parameters: {},
    func: () => {},
  });
}

/** What the parser writes to and runs commands in. */
class Parser implements ParserContext {
  readonly cli: CliContext;
  readonly process;
  exitCode: number = EXIT.done;

  readonly #failed: Chosen["failed"];

  constructor(
    cli: CliContext,
    readonly firstWord: string,
    failed: Chosen["failed"],
  ) {
    this.cli = cli;
    this.#failed = failed;
    this.process = {
      stdout: { write: (text: string) => cli.stdout.write(text) },
      // Its words come as failures, through parserText.
      stderr: { write: () => {} },
      exitCode: null,
    };
  }

  async run(json: boolean, body: () => Promise<ExitCode>): Promise<void> {
    try {
      this.exitCode = await body();
    } catch (thrown) {
      this.exitCode = this.#failed(tellThrown(this.cli, thrown, json));
    }
  }
}

/** Whether a command line that can't be parsed asked for JSON. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end < 0 ? args.length : end).includes("--json");
}
