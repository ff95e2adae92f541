import { sleep } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import {
  type Fetch,
  type LocalApi,
  localApi,
} from "../../lib/local_api/client.ts";
import {
  dataDirOf,
  homeDataDir,
  identityOf,
  namedDataDir,
} from "../../lib/local_api/data_dir_choice.ts";
import { type DaemonPlace, locateDaemon } from "../../lib/local_api/locate.ts";
import type { CliContext } from "../cli/cli_context.ts";
import type { CommonFlags } from "../cli/flags.ts";
import { patientFetch } from "./patient_fetch.ts";
import { successorMs } from "./successor.ts";
import { defined } from "../../lib/defined.ts";

/** Where the daemon of these flags and this environment is, and its token. */
export function daemonPlace(
  context: CliContext,
  flags: CommonFlags,
): Promise<DaemonPlace> {
  return locateDaemon({
    env: (name) => context.env(name),
    readTextFile: (path) => context.readTextFile(path),
    ...defined({ api: flags.api, dataDir: flags.dataDir }),
  });
}

/** How long a daemon that has its lock may take to write where it is, and the pause between two looks; milliseconds. */
const PATIENCE_MS = 20_000;
const PAUSE_MS = 50;

/** The same, where one that is just starting is waited for. */
export async function patientPlace(
  context: CliContext,
  flags: CommonFlags,
): Promise<DaemonPlace> {
  const { clock } = context;
  const until = clock.monotonic() + PATIENCE_MS;
  for (;;) {
    try {
      return await daemonPlace(context, flags);
    } catch (thrown) {
      const { code } = Failure.from(thrown);
      // In this order: it takes the lock first, then away what says that it comes.
      const comes = async (dir: string) =>
        await successorMs(context, dir) > 0 ||
        await context.lockState(`${dir}/daemon.lock`) === "held";
      const isStarting = code === "NO_DAEMON" && flags.api === undefined &&
        clock.monotonic() < until && await comes(dirOf(context, flags));
      if (!isStarting) throw thrown;
      await sleep(clock, PAUSE_MS);
    }
  }
}

/** The daemon's API. Nothing is asked yet: a daemon that does not run shows at the first call. */
export async function daemonApi(
  context: CliContext,
  flags: CommonFlags,
): Promise<LocalApi> {
  return apiAt(context, flags, await patientPlace(context, flags));
}

/** The same for who has no time: a daemon that has not written where it is yet is none. */
export async function apiNow(
  context: CliContext,
  flags: CommonFlags,
): Promise<LocalApi> {
  return apiAt(context, flags, await daemonPlace(context, flags));
}

/** The API at a place that was found. */
export function apiAt(
  context: CliContext,
  flags: CommonFlags,
  place: DaemonPlace,
): LocalApi {
  const { api } = flags;
  const isNamed = api !== undefined || context.env("AGENTNET_TOKEN");
  const fetch: Fetch = isNamed
    ? (url, init) => context.fetch(url, init)
    : patientFetch(context, {
      lock: `${dirOf(context, flags)}/daemon.lock`,
      place: () => daemonPlace(context, flags),
      pid: () => pidOf(context, flags),
      successorMs: () => successorMs(context, dirOf(context, flags)),
    });
  return localApi(place, fetch);
}

/** The number in the daemon's file, for words alone; "unknown" where there is none. */
async function pidOf(
  context: CliContext,
  flags: CommonFlags,
): Promise<string> {
  const path = `${dirOf(context, flags)}/daemon.pid`;
  try {
    const text = (await context.readTextFile(path)).trim();
    return /^\d{1,10}$/.test(text) ? text : "unknown";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "unknown";
    throw error;
  }
}

/** The data dir of these flags and this environment. */
export function dirOf(
  context: Pick<CliContext, "env">,
  { dataDir }: Pick<CommonFlags, "dataDir">,
): string {
  return dataDirOf({
    env: (name) => context.env(name),
    ...defined({ dataDir }),
  });
}

/** The folders in which this user's agents have their files: that of these flags, and the default with all in it. */
export function ownDirs(
  context: Pick<CliContext, "env">,
  flags: Pick<CommonFlags, "dataDir">,
): string[] {
  const env = (name: string) => context.env(name);
  const dir = dirOf(context, flags);
  return env("HOME") || env("USERPROFILE") || env("AGENTNET_HOME")
    ? [dir, homeDataDir({ env })]
    : [dir];
}

/** The identity by whose name this agent's commands find it; undefined where a folder is named, or none is. */
export function chosenIdentity(
  context: Pick<CliContext, "env">,
  { dataDir }: Pick<CommonFlags, "dataDir">,
): string | undefined {
  const env = (name: string) => context.env(name);
  const named = namedDataDir({ env, ...defined({ dataDir }) });
  return named === undefined ? identityOf({ env }) : undefined;
}
