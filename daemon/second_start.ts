import { type Clock, sleep } from "../lib/clock.ts";
import { Failure } from "../lib/errors.ts";
import { type Fetch, LocalApi } from "../lib/local_api/client.ts";
import type { Status } from "../lib/local_api/types.ts";
import type { DataDir } from "./data_dir.ts";
import type { Lock } from "./lock.ts";

export interface SecondStartOptions {
  readonly dir: DataDir;
  readonly clock: Clock;
  /** null while another process holds it. */
  readonly takeLock: () => Promise<Lock | null>;
  readonly fetch: Fetch;
  /** Rejects with `Deno.errors.NotFound` where there is no such file. */
  readonly readTextFile: (path: string) => Promise<string>;
}

/** How long the daemon that runs has to answer (it may just be starting), and the pause between two looks, in ms. */
const PATIENCE_MS = 15_000;
const PAUSE_MS = 150;

/** Either the lock, or the state of the healthy daemon that holds it. */
export type LockOrRunning =
  | { readonly lock: Lock }
  | { readonly running: Status };

/**
 * Takes the lock of a data dir, or asks the daemon that holds it how it is. One that is about to stop is waited for,
 * so that `stop` and then `daemon` always leaves a daemon.
 *
 * @throws {Failure} DAEMON_UNHEALTHY when the lock is held and nobody answers.
 */
export async function lockOrRunning(
  options: SecondStartOptions,
): Promise<LockOrRunning> {
  const { clock, dir, takeLock } = options;
  const until = clock.monotonic() + PATIENCE_MS;
  let cause: unknown;
  do {
    const lock = await takeLock();
    if (lock !== null) return { lock };
    try {
      const running = await ask(options, until - clock.monotonic());
      if (running.state !== "stopped") return { running };
    } catch (error) {
      cause = error;
    }
    await sleep(clock, PAUSE_MS);
  } while (clock.monotonic() < until);
  const pid = await pidOf(options, dir.pid);
  throw new Failure("DAEMON_UNHEALTHY", { fields: { pid }, cause });
}

async function ask(
  { dir, fetch, clock, readTextFile }: SecondStartOptions,
  withinMs: number,
): Promise<Status> {
  const read = async (path: string) => (await readTextFile(path)).trim();
  const address = await read(dir.address);
  const api = new LocalApi({ address, token: await read(dir.token) }, fetch);
  const late = Promise.withResolvers<never>();
  const timer = clock.after(
    withinMs,
    () => late.reject(new Failure("NO_DAEMON", { fields: { address } })),
  );
  try {
    return await Promise.race([api.status(), late.promise]);
  } finally {
    timer.cancel();
  }
}

async function pidOf(
  { readTextFile }: SecondStartOptions,
  path: string,
): Promise<string> {
  try {
    const text = (await readTextFile(path)).trim();
    return /^\d{1,10}$/.test(text) ? text : "unknown";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "unknown";
    throw error;
  }
}
