import { visibleJson } from "../../lib/guards/visible.ts";
import { EXIT, type ExitCode, Failure } from "../../lib/errors.ts";
import { failureLine, oneLine } from "../../lib/rendering/failure_text.ts";
import { type CliContext, OutputClosed } from "../cli/cli_context.ts";

interface Answer {
  readonly json: unknown;
  /** The same for a reader, without the last line end. */
  text(): string;
}

/** Writes the answer of a command: one line of JSON after `--json`, else text. */
export function answer(
  context: CliContext,
  flags: { readonly json?: boolean },
  { json, text }: Answer,
): void {
  const line = flags.json ? visibleJson(json) : text();
  context.stdout.write(`${line}\n`);
}

/** Says that a program that goes on for days is up. It goes on too where that can't be written. */
export function announce(
  context: CliContext,
  flags: { readonly json?: boolean },
  news: Answer,
): void {
  try {
    answer(context, flags, news);
  } catch (error) {
    if (!(error instanceof OutputClosed)) throw error;
    note(context, `standard output can't be written: ${error.message}`);
  }
}

/** Tells something that is no answer: one line on standard error, or nothing where that can't be written. */
export function note(context: CliContext, text: string): void {
  tellBeside(context, `agentnet: ${oneLine(text)}\n`);
}

/** Tells lines on standard error that belong to an answer. */
export function beside(context: CliContext, lines: string): void {
  tellBeside(context, lines);
}

/** Beside the answer: what can't be written there changes nothing else. */
function tellBeside(context: CliContext, line: string): void {
  try {
    context.stderr.write(line);
  } catch (error) {
    if (!(error instanceof OutputClosed)) throw error;
  }
}

/** Tells a failure: on standard output after `--json`, else one line on standard error that says what to do next. */
export function tellFailure(
  context: CliContext,
  failure: Failure,
  { json = false, beside = {} }: { json?: boolean; beside?: object } = {},
): ExitCode {
  if (json) {
    const value = { error: failure.toJson(), ...beside };
    context.stdout.write(`${visibleJson(value)}\n`);
  } else {
    tellBeside(context, `agentnet: ${failureLine(failure)}\n`);
  }
  return failure.exitCode;
}

/** Tells whatever ended a command. Of an answer that can't be written a line on standard error tells. Never throws. */
export function tellThrown(
  context: CliContext,
  thrown: unknown,
  json: boolean,
): ExitCode {
  if (thrown instanceof OutputClosed) return tellClosed(context, thrown);
  try {
    return tellFailure(context, Failure.from(thrown), { json });
  } catch (again) {
    if (again instanceof OutputClosed) return tellClosed(context, again);
    throw again;
  }
}

function tellClosed(context: CliContext, { message }: OutputClosed): ExitCode {
  note(
    context,
    `standard output can't be written: ${message}; what was not shown counts as unread`,
  );
  return EXIT.unexpected;
}
