import { visibleJson } from "../../lib/guards/visible.ts";
import type { ExitCode, Failure } from "../../lib/errors.ts";
import { failureLine, oneLine } from "../../lib/rendering/failure_text.ts";
import type { CliContext } from "../cli/cli_context.ts";

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

/** Tells something that is no answer: one line on standard error. */
export function note(context: CliContext, text: string): void {
  context.stderr.write(`agentnet: ${oneLine(text)}\n`);
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
    context.stderr.write(`agentnet: ${failureLine(failure)}\n`);
  }
  return failure.exitCode;
}
