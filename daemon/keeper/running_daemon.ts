import type { Clock } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import { parseApiAddress } from "../../lib/local_api/address.ts";
import { type Fetch, localApi } from "../../lib/local_api/client.ts";
import type {
  ConnectionState,
  Status,
} from "../../lib/local_api/types/status.ts";
import type { HandingOver } from "../../lib/local_api/types/daemon.ts";
import { findRefused } from "../../lib/text_rules/characters.ts";
import type { DataDir } from "./data_dir.ts";

/** By what the daemon of a data dir is found. */
export interface RunningDaemonOptions {
  readonly dir: DataDir;
  readonly clock: Clock;
  readonly fetch: Fetch;
  /** Rejects with `Deno.errors.NotFound` where there is no such file. */
  readonly readTextFile: (path: string) => Promise<string>;
}

const STATES: Readonly<Record<ConnectionState, true>> = {
  connecting: true,
  proving: true,
  connected: true,
  waiting: true,
  refused: true,
  stopped: true,
};

/**
 * Asks the daemon that wrote the files of a data dir how it is. The files may be left from one that was killed, and
 * another program may have its port by now: only an answer that fits them is a daemon's.
 *
 * @throws NotFound where the files are not there; {@link Failure} when nobody answers in time, or somebody else.
 */
export async function runningDaemon(
  options: RunningDaemonOptions,
  withinMs: number,
): Promise<Status> {
  const { address, api } = await apiOf(options);
  const status = await within(options, withinMs, {
    address,
    ask: (signal) => api.status({}, signal),
  });
  if (await fits(status, options, address)) return status;
  throw noDaemon(address);
}

/**
 * Asks the daemon that wrote the files of a data dir to send what it can and to let go of the lock; it ends a moment
 * after its answer.
 *
 * @throws as {@link runningDaemon}.
 */
export async function askToHandOver(
  options: RunningDaemonOptions,
  withinMs: number,
): Promise<HandingOver> {
  const { address, api } = await apiOf(options);
  return await within(options, withinMs, {
    address,
    ask: (signal) => api.handover({}, signal),
  });
}

/** The API at the address of the files. */
async function apiOf({ dir, fetch, readTextFile }: RunningDaemonOptions) {
  const read = async (path: string) => (await readTextFile(path)).trim();
  const address = await read(dir.address);
  if (parseApiAddress(address) === null) throw noDaemon(address);
  const token = await read(dir.token);
  return { address, api: localApi({ address, token }, fetch) };
}

/** What is asked, and where. */
interface Asked<Answer> {
  readonly address: string;
  readonly ask: (signal: AbortSignal) => Promise<Answer>;
}

async function within<Answer>(
  { clock }: RunningDaemonOptions,
  withinMs: number,
  { address, ask }: Asked<Answer>,
): Promise<Answer> {
  const late = new AbortController();
  const timer = clock.after(withinMs, () => late.abort(noDaemon(address)));
  try {
    return await Promise.race([ask(late.signal), ended(late)]);
  } finally {
    timer.cancel();
  }
}

/** The pid in the files of a data dir. */
export async function writtenPid(
  { dir, readTextFile }: RunningDaemonOptions,
): Promise<string> {
  try {
    const text = (await readTextFile(dir.pid)).trim();
    return /^\d{1,10}$/.test(text) ? text : "unknown";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "unknown";
    throw error;
  }
}

/** Whether the answer is of the daemon that the files tell of, and can be shown. */
async function fits(
  status: Partial<Status> | null,
  options: RunningDaemonOptions,
  address: string,
): Promise<boolean> {
  const { pid, api, relay, state } = status ?? {};
  const written = await writtenPid(options);
  return Number.isSafeInteger(pid) &&
    (written === "unknown" || written === `${pid}`) &&
    api === `http://${address}` &&
    typeof relay === "string" && findRefused(relay) === null &&
    typeof state === "string" && Object.hasOwn(STATES, state);
}

function ended({ signal }: AbortController): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}

function noDaemon(address: string): Failure {
  return new Failure("NO_DAEMON", { fields: { address } });
}
