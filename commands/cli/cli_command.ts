import {
  type BaseArgs,
  type BaseFlags,
  buildCommand,
  type Command,
  type CommandContext,
  type TypedCommandParameters,
} from "@stricli/core";
import type { ExitCode } from "../../lib/errors.ts";
import type { CliContext } from "./cli_context.ts";
import { ofIdentity } from "./identity_flag.ts";
import { defined } from "../../lib/defined.ts";

/** What the command parser hands to a command: the context, and a place for the exit code. */
export interface ParserContext extends CommandContext {
  readonly cli: CliContext;
  readonly completing?: Completing;
  /** The command line's first word after the command's name; "" where there is none. */
  readonly firstWord: string;
  /** Runs the command's body: failures become their line and their exit code. */
  run(json: boolean, body: () => Promise<ExitCode>): Promise<void>;
}

/** Which rooms are proposed: those that this agent is in, or those of the relay. */
export type RoomKind = "joined" | "listed";

/** What a command line is completed by; there only while a shell asks for it. */
export interface Completing {
  /** Whether the word to complete is the first one that is no flag. */
  readonly isFirstWord: boolean;
  rooms(kind: RoomKind): Promise<readonly string[]>;
}

/** Every command takes `--json`, and every one of an agent `--as` and mostly `--data-dir`. */
interface KnownFlags {
  readonly json?: boolean;
  readonly as?: string | undefined;
  readonly dataDir?: string | undefined;
}

/** A flag that stands before all other words. */
export interface FirstFlag {
  /** As it is typed. */
  readonly word: string;
  readonly takesValue: boolean;
}

interface CommandSpec<FLAGS extends BaseFlags, ARGS extends BaseArgs> {
  readonly brief: string;
  /** Longer help, shown by `--help`. */
  readonly help?: string;
  /** A whole command line that can be typed as it is, shown at the end of the help. */
  readonly example?: string;
  /** The words of the command line, where the parser's own list of them says too little; the flags stand below it anyway. */
  readonly usage?: string;
  readonly parameters: TypedCommandParameters<FLAGS, ARGS, ParserContext>;
  /** What the first word names, where that is never a flag: "id". */
  readonly names?: string;
  /** Refuses a first word that was read as a flag and is meant otherwise, as only the daemon can tell. */
  checkFirst?(
    context: CliContext,
    flags: FLAGS,
    first: FirstFlag,
  ): Promise<void>;
  run(context: CliContext, flags: FLAGS, ...args: ARGS): Promise<ExitCode>;
}

/** One command as the registry loads it. */
export interface CliCommand {
  readonly parsed: Command<ParserContext>;
  /** What the first word names; absent where flags may stand before it. */
  readonly names?: string;
  /** Flags by the name that is typed, without `--`; true where a value follows. */
  readonly flags: ReadonlyMap<string, boolean>;
}

/** A command before it is loaded. */
export interface RegistryRow {
  readonly brief: string;
  /** Whether words of the command line are text to be sent or kept. */
  readonly takesText?: true;
  /** Who starts it takes exit code 2 for an answer: wrong use then ends with 1. */
  readonly isHostCalled?: true;
  load(): Promise<{ readonly command: CliCommand }>;
}

/** Commands by their names (one word or two), in the order in which help shows them. */
export type Registry = Readonly<Record<string, RegistryRow>>;

/** Makes a command of its flags and its body, which answers with an exit code or throws a Failure. */
export function cliCommand<
  FLAGS extends KnownFlags & Readonly<Partial<Record<keyof FLAGS, unknown>>>,
  ARGS extends BaseArgs = [],
>(spec: CommandSpec<FLAGS, ARGS>): CliCommand {
  const known = flagNames(spec.parameters.flags ?? {});
  const parsed = buildCommand<FLAGS, ARGS, ParserContext>({
    docs: {
      brief: spec.brief,
      fullDescription: fullHelp(spec),
      ...defined({
        customUsage: spec.usage === undefined ? undefined : [spec.usage],
      }),
    },
    parameters: spec.parameters,
    func(flags, ...args) {
      const body = async () => {
        const context = known.has("as")
          ? ofIdentity(this.cli, flags)
          : this.cli;
        const first = firstFlag(this.firstWord, known);
        if (first !== null) await spec.checkFirst?.(context, flags, first);
        return await spec.run(context, flags, ...args);
      };
      return this.run(flags.json ?? false, body);
    },
  });
  return { parsed, flags: known, ...defined({ names: spec.names }) };
}

function firstFlag(
  word: string,
  known: ReadonlyMap<string, boolean>,
): FirstFlag | null {
  const takesValue = known.get(kebabCase(word.slice(2)));
  return word.startsWith("--") && takesValue !== undefined
    ? { word, takesValue }
    : null;
}

function fullHelp(
  { brief, help = `${brief}.`, example }: {
    readonly brief: string;
    readonly help?: string;
    readonly example?: string;
  },
): string {
  return example === undefined ? help : `${help}\n\nFor example: ${example}`;
}

function flagNames(flags: object): Map<string, boolean> {
  return new Map(
    Object.entries(flags as Record<string, { kind: string }>)
      .map(([name, { kind }]) => [kebabCase(name), kind !== "boolean"]),
  );
}

/** A flag as it is typed: `replyTo` is `reply-to`. */
export function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
