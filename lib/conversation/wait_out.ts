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
  /** Has it called again each time that so much has gone by, with the pause that is left. */
  readonly againMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Does something again while only time stands against it, for at most `waitMs`.
 *
 * @throws {Failure} the last refusal, where time does not cure it or the time is up.
 */
export async function waitOut<T>(
  options: WaitOptions,
  action: () => Promise<T>,
): Promise<T> {
  const { clock, waitMs = 0, onWait = () => {}, againMs = Infinity } = options;
  const deadline = clock.monotonic() + waitMs;
  let tellAt = -Infinity;
  const tell = (failure: Failure, leftMs: number) => {
    if (clock.monotonic() < tellAt) return;
    onWait(failure, leftMs);
    tellAt = clock.monotonic() + againMs;
  };
  for (;;) {
    try {
      return await action();
    } catch (thrown) {
      const pause = pauseOf(thrown);
      const until = clock.monotonic() + (pause ?? 0);
      if (pause === null || until > deadline) throw thrown;
      for (let left = pause; left > 0; left = until - clock.monotonic()) {
        tell(Failure.from(thrown), left);
        await sleep(clock, Math.min(left, againMs), options.signal);
      }
    }
  }
}

function pauseOf(thrown: unknown): number | null {
  if (!(thrown instanceof Failure) || !CURED.has(thrown.code)) return null;
  const { retryAfterMs } = thrown;
  return retryAfterMs === undefined ? PAUSE_MS : retryAfterMs + MARGIN_MS;
}
