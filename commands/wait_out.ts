import { sleep } from "../lib/clock.ts";
import { type ErrorCode, Failure } from "../lib/errors.ts";
import type { CliContext } from "./cli_context.ts";
import { note } from "./output/answer.ts";
import { spanText } from "../lib/rendering/time_text.ts";

/** What time cures. */
const CURED: ReadonlySet<ErrorCode> = new Set([
  "TOO_NEW",
  "RATE_LIMITED",
  "NOT_CONNECTED",
]);
/** Pause before the next try where the daemon names none, in milliseconds. */
const PAUSE_MS = 1_000;
/** Added to the time that a relay names: its clock and ours tick apart. */
const MARGIN_MS = 50;

/**
 * Does something again while only time stands against it, for at most `waitMs`; says so once.
 *
 * @throws {Failure} the last refusal, where time does not cure it or the time is up.
 */
export async function waitOut<T>(
  context: CliContext,
  waitMs: number | undefined,
  action: () => Promise<T>,
): Promise<T> {
  const { clock } = context;
  const deadline = clock.monotonic() + (waitMs ?? 0);
  for (let told = false;;) {
    try {
      return await action();
    } catch (thrown) {
      const pause = pauseOf(thrown);
      if (pause === null || clock.monotonic() + pause > deadline) throw thrown;
      if (!told) note(context, waitingText(Failure.from(thrown), pause));
      told = true;
      await sleep(clock, pause);
    }
  }
}

function pauseOf(thrown: unknown): number | null {
  if (!(thrown instanceof Failure) || !CURED.has(thrown.code)) return null;
  const { retryAfterMs } = thrown;
  return retryAfterMs === undefined ? PAUSE_MS : retryAfterMs + MARGIN_MS;
}

function waitingText({ message }: Failure, pause: number): string {
  return `waiting, next try in ${
    spanText(Math.ceil(pause / 1000) * 1000)
  }: ${message}`;
}
