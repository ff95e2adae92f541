import { DataDir } from "../../daemon/keeper/data_dir.ts";
import { readSettings } from "../../lib/agent_settings/settings_file.ts";
import type { AgentSettings } from "../../lib/agent_settings/settings_text.ts";
import { defined } from "../../lib/defined.ts";
import { Failure } from "../../lib/errors.ts";
import { diskFiles } from "../../lib/host/private_files.ts";
import {
  homeDataDir,
  identityDir,
  isIdentityName,
} from "../../lib/local_api/data_dir_choice.ts";
import type { Status } from "../../lib/local_api/types/status.ts";
import { Identity } from "../../lib/protocol/identity.ts";
import type { CliContext } from "../cli/cli_context.ts";
import { runningStatus } from "./remembered_start.ts";

/** One of this user's agents on this host. */
export interface KnownIdentity {
  /** The name that `--as` takes; null for the default one. */
  readonly as: string | null;
  /** The agent's name: of the daemon that runs, else what is remembered. */
  readonly name: string | null;
  /** Its id. */
  readonly key: string | null;
  readonly relay: string | null;
  readonly running: boolean;
  readonly pid?: number;
  readonly data_dir: string;
  /** What keeps its files from being read. */
  readonly trouble?: string;
}

/** Longest file that is taken for a key. */
const MOST_KEY_BYTES = 4096;

/** The default agent, and then those of `--as` by their names. @throws {Failure} USAGE without a home folder. */
export async function knownIdentities(
  context: CliContext,
): Promise<KnownIdentity[]> {
  const home = homeDataDir({ env: (name) => context.env(name) });
  const names = await identityNames(`${home}/as`);
  const all = [null, ...names];
  return await Promise.all(
    all.map((as) =>
      known(context, as, as === null ? home : identityDir(home, as))
    ),
  );
}

async function known(
  context: CliContext,
  as: string | null,
  dir: string,
): Promise<KnownIdentity> {
  const troubles: string[] = [];
  const tried = async <T>(action: Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await action;
    } catch (thrown) {
      troubles.push(Failure.from(thrown).message);
      return otherwise;
    }
  };
  const settings = await tried(settingsIn(dir), {});
  const key = await tried(keyIn(dir), null);
  const isHeld = await context.lockState(`${dir}/daemon.lock`) === "held";
  const status = isHeld ? await tried(statusOf(context, dir), null) : null;
  const [trouble] = troubles;
  return {
    as,
    name: status?.agent_name ?? settings.name ?? as,
    key: status?.agent_id ?? key,
    relay: status?.relay ?? settings.relay ?? null,
    running: isHeld,
    ...defined({ pid: status?.pid }),
    data_dir: dir,
    ...defined({ trouble }),
  };
}

async function settingsIn(dir: string): Promise<AgentSettings> {
  return (await readSettings(diskFiles, dir)).settings;
}

/** The daemon of this very data dir, whatever the environment names. */
function statusOf(context: CliContext, dir: string): Promise<Status | null> {
  const plain = {
    ...context,
    env: (name: string) =>
      /^AGENTNET_(API|TOKEN|AS|DATA_DIR)$/.test(name)
        ? undefined
        : context.env(name),
  };
  return runningStatus(plain, { dataDir: dir }, dir);
}

/** The public half of the key; null where there is none yet. */
async function keyIn(dir: string): Promise<string | null> {
  const { key: path } = new DataDir(dir);
  try {
    const { isFile, size } = await diskFiles.facts(path);
    const reason = isFile && size <= MOST_KEY_BYTES
      ? null
      : "it is no key file";
    if (reason !== null) throw invalid(path, reason);
    const read = await Identity.parseKeyFile(await diskFiles.readText(path));
    if (!read.ok) throw invalid(path, read.reason);
    return read.identity.id;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function invalid(path: string, reason: string): Failure {
  return new Failure("KEY_INVALID", { fields: { path, reason } });
}

async function identityNames(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory && isIdentityName(name)) names.push(name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort();
}
