import { EXIT, type ExitCode, Failure } from "../../lib/errors.ts";
import { makeVisible } from "../../lib/guards/visible.ts";
import type { AnyMessage } from "../../lib/local_api/types/messages.ts";
import type { SendResult } from "../../lib/local_api/types/sends.ts";
import {
  answeredLine,
  answeredPart,
  keptText,
  sendText,
} from "../../lib/rendering/sent_text.ts";
import type { CliContext } from "../cli/cli_context.ts";
import { answer, note, tellFailure } from "./answer.ts";

const CODES = {
  accepted: EXIT.done,
  queued: EXIT.kept,
  unknown: EXIT.unknown,
} as const;

/** Answers what became of a send: accepted, queued (kept for later) or unknown, each with its exit code. */
export function tellSend(
  context: CliContext,
  flags: { readonly json?: boolean },
  result: SendResult,
  answered?: AnyMessage,
): ExitCode {
  const lines = answered === undefined
    ? [sendText(result)]
    : [sendText(result), answeredLine(answered)];
  const json = answered === undefined
    ? result
    : { ...result, answered: answeredPart(answered) };
  answer(context, flags, { json, text: () => lines.join("\n") });
  if (result.status === "unknown" && !flags.json) {
    const fields = { id: makeVisible(result.id) };
    tellFailure(context, new Failure("OUTCOME_UNKNOWN", { fields }));
  }
  if (result.status === "queued" && !flags.json) {
    note(context, keptText(result));
  }
  return sendExit(result);
}

/** The exit code of what became of a send. */
export function sendExit({ status }: Pick<SendResult, "status">): ExitCode {
  return CODES[status];
}
