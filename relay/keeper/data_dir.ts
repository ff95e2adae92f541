import { join } from "node:path";
import { Failure } from "../../lib/errors.ts";

/** A relay's data dir, made (0700) and locked by this process. */
export interface DataDir {
  /** The database file. */
  readonly database: string;
  /** The agents that the operator banned. */
  readonly bans: string;
  release(): void;
}

/**
 * Makes the folder where it is missing and takes its lock, so that no two relays write one database.
 *
 * @throws Failure FILE_TROUBLE.
 */
export async function openDataDir(path: string): Promise<DataDir> {
  const lockPath = join(path, "relay.lock");
  let lock: Deno.FsFile;
  try {
    await Deno.mkdir(path, { recursive: true, mode: 0o700 });
    lock = await Deno.open(lockPath, {
      read: true,
      write: true,
      create: true,
      mode: 0o600,
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Failure("FILE_TROUBLE", {
      fields: { action: "use", path, reason },
      cause,
    });
  }
  if (!await lock.tryLock(true)) {
    lock.close();
    throw new Failure("FILE_TROUBLE", {
      fields: {
        action: "use",
        path,
        reason: "another relay runs with this data dir",
        fix: "stop it, or pass another --data",
      },
    });
  }
  return {
    database: join(path, "relay.db"),
    bans: join(path, "bans.txt"),
    release: () => lock.close(),
  };
}
