import { pause } from "../../lib/clock.ts";
import { type ErrorCode, Failure } from "../../lib/errors.ts";
import type { Wake, WakeQuery } from "../../lib/local_api/types/wakes.ts";
import type { CliContext } from "../cli/cli_context.ts";
import type { CommonFlags } from "../cli/flags.ts";
import { apiNow } from "./daemon_api.ts";

/** One request waits so long; then it is looked whether whoever started this process is still there. Milliseconds. */
const POLL_MS = 25_000;
/** Between two tries while no daemon answers; milliseconds. */
const AWAY_MS = 5_000;

/** What passes by itself: no daemon, one that starts or hands over, one that has too many to answer. */
const PASSES: readonly ErrorCode[] = [
  "NO_DAEMON",
  "DAEMON_UNREACHED",
  "HANDED_OVER",
  "TOO_MANY_WAITING",
];

/**
 * The next wake of a watcher: waits through the daemon's absence in silence, until the signal is aborted, the time is
 * over, another process watches under this name, or whoever started this one is gone.
 *
 * @throws {Failure} what the daemon refuses.
 */
export async function nextWake(
  context: CliContext,
  flags: CommonFlags,
  { query, waitMs, signal }: {
    readonly query: Omit<WakeQuery, "wait_ms">;
    readonly waitMs: number;
    readonly signal: AbortSignal;
  },
): Promise<Wake | undefined> {
  const { clock } = context;
  const end = clock.monotonic() + waitMs;
  const parent = context.parentPid();
  for (;;) {
    const left = end - clock.monotonic();
    if (signal.aborted || left <= 0) return undefined;
    if (context.parentPid() !== parent) return undefined;
    try {
      const api = await apiNow(context, flags);
      const wait_ms = Math.ceil(Math.min(left, POLL_MS));
      const answer = await api.wake({ ...query, wait_ms }, signal);
      if (answer.wake !== undefined) return answer.wake;
      if (answer.replaced) return undefined;
    } catch (error) {
      if (signal.aborted) return undefined;
      const isAway = error instanceof Failure && PASSES.includes(error.code);
      if (!isAway) throw error;
      await pause(clock, { ms: Math.min(left, AWAY_MS), signal });
    }
  }
}
