import { DataDir } from "../../daemon/keeper/data_dir.ts";
import {
  daemonDataDir,
  type DaemonSettings,
  parseDaemonSettings,
} from "../../daemon/keeper/settings.ts";
import {
  diskSettings,
  readSettings,
  rememberSettings,
} from "../../lib/agent_settings/settings_file.ts";
import { DEFAULT_RELAY } from "../../lib/client/default_relay.ts";
import { defined } from "../../lib/defined.ts";
import { Failure } from "../../lib/errors.ts";
import { diskFiles } from "../../lib/host/private_files.ts";
import { identityOf } from "../../lib/local_api/data_dir_choice.ts";
import type { WantedDaemon } from "../../lib/local_api/same_daemon.ts";
import type { Status } from "../../lib/local_api/types/status.ts";
import type { CliContext } from "../cli/cli_context.ts";
import { apiNow } from "../daemon_access/daemon_api.ts";
import { note } from "../output/answer.ts";

/** Flags by which a start is chosen. */
export interface StartFlags {
  readonly json?: boolean;
  readonly as?: string;
  readonly dataDir?: string;
  readonly api?: string;
  readonly relay?: string;
  readonly name?: string;
}

/**
 * What a daemon would be started with: flags, then the environment, then what the data dir remembers; of one that runs
 * its own relay stands for what is remembered.
 *
 * @throws {Failure} as `readSettings` and `parseDaemonSettings`.
 */
export async function startSettings(
  context: CliContext,
  { dataDir, relay, name }: StartFlags,
  running: Status | null,
): Promise<DaemonSettings> {
  const env = (variable: string) => context.env(variable);
  const dir = daemonDataDir({ dataDir }, env);
  const { settings: remembered } = await readSettings(diskFiles, dir);
  return parseDaemonSettings({ dataDir, relay, name }, {
    env,
    hostname: () => context.hostname(),
    remembered: {
      ...remembered,
      ...defined({ relay: running?.relay ?? remembered.relay }),
    },
  });
}

/**
 * Makes the data dir, and remembers relay and name there for the daemon that is to be started, and for later ones.
 *
 * @throws {Failure} FILE_TROUBLE, SETTINGS_INVALID.
 */
export async function rememberStart(
  context: CliContext,
  { dataDir, relay, name, isNameGiven }: DaemonSettings,
): Promise<void> {
  for (const warning of await new DataDir(dataDir).make()) {
    note(context, warning);
  }
  const env = (variable: string) => context.env(variable);
  // By an identity's name the agent goes where nothing wins over it; the host's own is no choice of anybody's.
  const isNamed = isNameGiven || identityOf({ env }) === name;
  await rememberSettings(
    diskSettings(context.clock),
    dataDir,
    defined({
      // A file that was made for one relay knows it by itself.
      relay: DEFAULT_RELAY === undefined ? relay.href : undefined,
      name: isNamed ? name : undefined,
    }),
  );
}

/** How the daemon of a data dir is; null where none runs, or the one that does is about to stop. */
export async function runningStatus(
  context: CliContext,
  flags: StartFlags,
  dir: string,
): Promise<Status | null> {
  const ask = async () => await (await apiNow(context, flags)).status();
  // Whoever names the daemon's address means the one that is there.
  if (flags.api !== undefined || context.env("AGENTNET_TOKEN")) {
    return await ask();
  }
  if (await context.lockState(`${dir}/daemon.lock`) !== "held") return null;
  try {
    const status = await ask();
    return status.state === "stopped" ? null : status;
  } catch (thrown) {
    // The daemon's own start looks longer, and says what is wrong with the one that holds the lock.
    if (Failure.from(thrown).code === "NO_DAEMON") return null;
    throw thrown;
  }
}

/** The daemon that these settings mean. */
export const wantedBy = (
  { dataDir: dir, name, isNameGiven, relay }: DaemonSettings,
): WantedDaemon => ({
  dir,
  relay: relay.href,
  ...defined({ name: isNameGiven ? name : undefined }),
});
