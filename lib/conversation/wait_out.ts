import { type Clock, sleep } from "../clock.ts";
import { type ErrorCode, Failure } from "../errors.ts";

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

export interface WaitOptions {
  readonly clock: Clock;
  /** How long in all; nothing is waited for without it. */
  readonly waitMs: number | undefined;
  /** Called before the first pause with what stands against it and the pause in milliseconds. */
  readonly onWait?: (failure: Failure, pauseMs: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Does something again while only time stands against it, for at most `waitMs`.
 *
 * @throws {Failure} the last refusal, where time does not cure it or the time is up.
 */
export async function waitOut<T>(
  { clock, waitMs = 0, onWait = () => {}, signal }: WaitOptions,
  action: () => Promise<T>,
): Promise<T> {
  const deadline = clock.monotonic() + waitMs;
  for (let told = false;;) {
    try {
      return await action();
    } catch (thrown) {
      const pause = pauseOf(thrown);
      if (pause === null || clock.monotonic() + pause > deadline) throw thrown;
      if (!told) onWait(Failure.from(thrown), pause);
      told = true;
      await sleep(clock, pause, signal);
    }
  }
}

function pauseOf(thrown: unknown): number | null {
  if (!(thrown instanceof Failure) || !CURED.has(thrown.code)) return null;
  const { retryAfterMs } = thrown;
  return retryAfterMs === undefined ? PAUSE_MS : retryAfterMs + MARGIN_MS;
}
