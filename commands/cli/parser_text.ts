import {
  AliasNotFoundError,
  type ApplicationText,
  ArgumentScannerError,
  FlagNotFoundError,
  formatMessageForArgumentScannerError,
  text_en,
} from "@stricli/core";
import { Failure } from "../../lib/errors.ts";
import { kebabCase } from "./cli_command.ts";
import { COMMAND_HINTS } from "./command_hints.ts";

/** What the parser found wrong in a command line. */
export interface WrongUse {
  readonly failure: Failure;
  /** Whether a word was taken for a flag that does not exist: it may have been meant as text. */
  readonly unknownFlag: boolean;
}

const usage = (reason: string, fix: string) =>
  new Failure("USAGE", { fields: { reason, fix } });

/** The parser's texts: every wrong use becomes a Failure for `tell`, and nothing is written by the parser itself. */
export function parserText(
  tell: (wrong: WrongUse) => void,
  help: string,
): ApplicationText {
  const told = (failure: Failure, unknownFlag = false) => {
    tell({ failure, unknownFlag });
    return "";
  };
  return {
    ...text_en,
    briefs: {
      ...text_en.briefs,
      help: "Show this help",
      argumentEscapeSequence: "Everything after it is text, not flags",
    },
    noCommandRegisteredForInput: ({ input, corrections }) =>
      told(usage(
        `there is no command '${input}'`,
        Object.hasOwn(COMMAND_HINTS, input)
          ? COMMAND_HINTS[input] ?? ""
          : corrections.length === 0
          ? "see 'agentnet --help'"
          : `did you mean ${corrections.map(plain).join(" or ")}?`,
      )),
    exceptionWhileParsingArguments: (error) =>
      told(scannerFailure(error, help), isUnknownFlag(error)),
    exceptionWhileLoadingCommandFunction: (error) => told(Failure.from(error)),
    exceptionWhileLoadingCommandContext: (error) => told(Failure.from(error)),
    exceptionWhileRunningCommand: (error) => told(Failure.from(error)),
    exceptionWhileRunningIntegrationHook: ({ exception }) =>
      told(Failure.from(exception)),
    exceptionWhileRunningIntegrationFlag: ({ exception }) =>
      told(Failure.from(exception)),
    commandErrorResult: (error) => told(Failure.from(error)),
  };
}

const isUnknownFlag = (error: unknown) =>
  error instanceof FlagNotFoundError || error instanceof AliasNotFoundError;

const plain = (quoted: string) => quoted.replaceAll("`", "'");

function scannerFailure(error: unknown, help: string): Failure {
  if (!(error instanceof ArgumentScannerError)) return Failure.from(error);
  let fix = help;
  const reason = formatMessageForArgumentScannerError(error, {
    FlagNotFoundError: ({ input, corrections }) => {
      const names = corrections.map((one) => `--${kebabCase(one)}`);
      if (names.length > 0) fix = `did you mean ${names.join(" or ")}?`;
      return `there is no flag --${input}`;
    },
    AliasNotFoundError: ({ input }) => `there is no flag -${input}`,
    ArgumentParseError: (wrong) => {
      const { exception, externalFlagNameOrPlaceholder: name } = wrong;
      if (!(exception instanceof Failure)) return `--${name} takes no value`;
      fix = exception.fix;
      return `--${name}: ${exception.message}`;
    },
    EnumValidationError: ({ externalFlagName, input, values }) => {
      fix = `use ${values.join(" or ")}`;
      return `--${externalFlagName} can't be '${input}'`;
    },
    UnsatisfiedFlagError: ({ externalFlagName }) =>
      `--${externalFlagName} needs a value`,
    UnexpectedPositionalError: ({ input }) => `'${input}' is one word too many`,
    UnsatisfiedPositionalError: ({ placeholder }) =>
      `the ${placeholder} is missing`,
    InvalidNegatedFlagSyntaxError: ({ externalFlagName }) =>
      `--${externalFlagName} takes no value`,
    UnexpectedFlagError: ({ externalFlagName }) =>
      `--${externalFlagName} stands twice`,
  });
  return usage(reason, fix);
}
