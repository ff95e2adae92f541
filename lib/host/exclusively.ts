import { type Clock, sleep } from "../clock.ts";
import { fileTrouble } from "./file_trouble.ts";
import { type Lock, takeLock } from "./lock.ts";

/** Runs an action while no other process runs one under the same path, a lock's file. */
export type Exclusively = <Result>(
  path: string,
  action: () => Promise<Result>,
) => Promise<Result>;

/** How long another process may have it, and the pause between two looks, in milliseconds. */
const PATIENCE_MS = 30_000;
const PAUSE_MS = 20;

/**
 * One process after the other.
 *
 * @throws {Failure} FILE_TROUBLE where the lock can't be had.
 */
export const exclusively =
  (clock: Clock): Exclusively => async (path, action) => {
    const lock = await untilTaken(clock, path);
    try {
      return await action();
    } finally {
      lock.release();
    }
  };

async function untilTaken(clock: Clock, path: string): Promise<Lock> {
  const until = clock.monotonic() + PATIENCE_MS;
  for (;;) {
    const lock = await takeLock(path);
    if (lock !== null) return lock;
    if (clock.monotonic() >= until) {
      const cause = new Error("another program has it, and does not end");
      throw fileTrouble("lock", { path, cause });
    }
    await sleep(clock, PAUSE_MS);
  }
}
