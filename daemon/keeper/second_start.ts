import { sleep } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import type { Status } from "../../lib/local_api/types/status.ts";
import type { DataDirLock } from "../../lib/host/data_dir_lock.ts";
import {
  askToHandOver,
  runningDaemon,
  type RunningDaemonOptions,
  writtenPid,
} from "./running_daemon.ts";

export interface SecondStartOptions extends RunningDaemonOptions {
  /** null while another process holds it. */
  readonly takeLock: () => Promise<DataDirLock | null>;
  /** Whether the daemon that runs is to make room. */
  readonly takesOver: (running: Status) => boolean;
}

/** How long the daemon that runs has to answer (it may just be starting), and the pause between two looks, in ms. */
const PATIENCE_MS = 30_000;
const PAUSE_MS = 150;
/** The same beside a free lock: there is hardly ever one, and what hangs there is another program. */
const STRANGER_MS = 3_000;

/** Either the lock, or the state of the healthy daemon that holds it. */
export type LockOrRunning =
  | { readonly lock: DataDirLock }
  | { readonly running: Status };

/**
 * Takes the lock of a data dir, or asks the daemon that holds it how it is. One that is about to stop is waited for,
 * so that `stop` and then `daemon` always leaves a daemon. A free lock is not enough: somebody may have removed its
 * file under a daemon that runs, so whoever answers by the files beside it is asked first. One that is to make room is
 * asked to hand over, again and again: another that waits may be the next to have the lock.
 *
 * @throws {Failure} DAEMON_UNHEALTHY when the lock is held and nobody answers, or one that stops does not end.
 */
export async function lockOrRunning(
  options: SecondStartOptions,
): Promise<LockOrRunning> {
  const { clock, takeLock } = options;
  const until = clock.monotonic() + PATIENCE_MS;
  let seen: Status | Error;
  do {
    const lock = await takeLock();
    const left = until - clock.monotonic();
    const withinMs = lock === null ? left : STRANGER_MS;
    seen = await look(options, runningDaemon, withinMs);
    if (lock !== null && seen instanceof Error) return { lock };
    lock?.release();
    if (!(seen instanceof Error) && seen.state !== "stopped") {
      if (!options.takesOver(seen)) return { running: seen };
      await look(options, askToHandOver, until - clock.monotonic());
    }
    await sleep(clock, PAUSE_MS);
  } while (clock.monotonic() < until);
  const pid = await writtenPid(options);
  const cause = seen instanceof Error ? seen : undefined;
  throw new Failure("DAEMON_UNHEALTHY", { fields: { pid }, cause });
}

/** What the daemon answers, or why none does. */
async function look<Answer>(
  options: SecondStartOptions,
  ask: (options: RunningDaemonOptions, withinMs: number) => Promise<Answer>,
  withinMs: number,
): Promise<Answer | Error> {
  try {
    return await ask(options, withinMs);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
