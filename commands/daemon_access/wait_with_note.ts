import { waitOut } from "../../lib/conversation/wait_out.ts";
import type { Failure } from "../../lib/errors.ts";
import { spanText } from "../../lib/rendering/time_text.ts";
import type { CliContext } from "../cli/cli_context.ts";
import { note } from "../output/answer.ts";

/**
 * Does something again while only time stands against it, for at most `waitMs`; says so once.
 *
 * @throws {Failure} the last refusal, where time does not cure it or the time is up.
 */
export function waitWithNote<T>(
  context: CliContext,
  waitMs: number | undefined,
  action: () => Promise<T>,
): Promise<T> {
  const { clock } = context;
  const onWait = (failure: Failure, pauseMs: number) =>
    note(context, waitingText(failure, pauseMs));
  return waitOut({ clock, waitMs, onWait }, action);
}

/** Between two words of a countdown, in milliseconds. */
const COUNT_MS = 10_000;

/**
 * The same, and says every ten seconds how long it still takes.
 *
 * @throws {Failure} as above.
 */
export function waitWithCountdown<T>(
  context: CliContext,
  waitMs: number,
  action: () => Promise<T>,
): Promise<T> {
  const { clock } = context;
  const onWait = (failure: Failure, pauseMs: number) =>
    note(context, waitingText(failure, pauseMs));
  return waitOut({ clock, waitMs, onWait, againMs: COUNT_MS }, action);
}

function waitingText({ message }: Failure, pause: number): string {
  return `waiting, next try in ${
    spanText(Math.ceil(pause / 1000) * 1000)
  }: ${message}`;
}
