import type { AdminClientOptions } from "../../lib/admin_api/client.ts";
import { Failure } from "../../lib/errors.ts";
import { KeptFiles } from "../../lib/host/kept_files.ts";
import {
  type DataDirLock,
  takeDataDirLock,
} from "../../lib/host/data_dir_lock.ts";
import { takeLock } from "../../lib/host/lock.ts";
import { LockWatch } from "../../lib/host/lock_watch.ts";
import { diskFiles } from "../../lib/host/private_files.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import { DataDir } from "./data_dir.ts";
import { isRelayRunning } from "./running_relay.ts";

export interface HoldOptions {
  /** Absolute. */
  readonly path: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly fetch: AdminClientOptions["fetch"];
  readonly readText: (path: string) => Promise<string>;
  /** Another relay has the data dir by now: the database is no longer this one's. */
  readonly lost: (failure: Failure) => void;
}

/** A relay's data dir, made and locked by this process, which stays the only one with it. */
export interface HeldDataDir {
  readonly dir: DataDir;
  /** By which the operator finds this relay, and a second start too. */
  readonly files: KeptFiles;
  /** Takes the files away and lets go of the lock. */
  release(): Promise<void>;
}

/**
 * Makes the folder where it is missing and takes its lock, so that no two relays write one database. A free lock is
 * not enough: somebody may have removed its file under a relay that runs, so whoever answers by the files beside it
 * is asked first. While it is held, a lock and files that somebody took away are made again.
 *
 * @throws {Failure} FILE_TROUBLE.
 */
export async function holdDataDir(options: HoldOptions): Promise<HeldDataDir> {
  const dir = new DataDir(options.path);
  await dir.make();
  const held = await lockAlone(dir, options);
  const files = new KeptFiles(diskFiles);
  const watch = new LockWatch({
    lock: held.file,
    program: "relay",
    clock: options.clock,
    log: options.log,
    take: () => takeLock(dir.lock),
    restore: () => files.restore(),
    lost: options.lost,
  });
  const release = async () => {
    await watch.stop();
    try {
      await files.remove();
    } finally {
      held.releaseFolder();
      watch.release();
    }
  };
  try {
    await files.clear([dir.adminAddress, dir.adminToken]);
    return { dir, files, release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function lockAlone(
  dir: DataDir,
  options: HoldOptions,
): Promise<DataDirLock> {
  const { clock, fetch, readText } = options;
  const lock = await takeDataDirLock({ lock: dir.lock, folder: dir.path });
  if (lock === null) throw taken(dir);
  try {
    const dataDir = dir.path;
    if (!await isRelayRunning({ dataDir, clock, fetch, readText })) return lock;
  } catch (error) {
    lock.release();
    throw error;
  }
  lock.release();
  throw taken(dir);
}

function taken({ path }: DataDir): Failure {
  return new Failure("FILE_TROUBLE", {
    fields: {
      action: "use",
      path,
      reason: "another relay runs with this data dir",
      fix: "stop it, or pass another --data",
    },
  });
}
