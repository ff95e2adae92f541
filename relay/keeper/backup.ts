import { dirname } from "node:path";
import { Failure } from "../../lib/errors.ts";
import { partFile } from "../../lib/host/part_file.ts";
import { diskFiles } from "../../lib/host/private_files.ts";
import { copyDatabase } from "../store/database_copy.ts";
import { DataDir } from "./data_dir.ts";

export interface BackupOptions {
  /** The relay's data dir. */
  readonly dataDir: string;
  /** The copy; it must not be there yet. */
  readonly to: string;
}

/**
 * Copies a relay's database as it stands at one moment (sqlite.org/backup.html), whole, checked and
 * on the disk, readable by its owner alone. A relay that runs goes on meanwhile: its log of changes grows, nothing
 * waits. What it had acknowledged before is in the copy.
 *
 * @returns the copy's size in bytes.
 * @throws Failure FILE_EXISTS, FILE_TROUBLE.
 */
export async function backUp({ dataDir, to }: BackupOptions): Promise<number> {
  const source = await databaseInUse(new DataDir(dataDir));
  try {
    await using file = await partFile(
      to,
      (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    );
    await copyDatabase(source, await file.shared());
    await file.keep();
    await diskFiles.syncFolder(dirname(to));
    return (await Deno.stat(to)).size;
  } catch (cause) {
    throw cause instanceof Deno.errors.AlreadyExists
      ? new Failure("FILE_EXISTS", { fields: { path: to }, cause })
      : trouble(source, to, cause);
  }
}

/** A relay that became one of a cluster, or is none any more, has left the file of before beside the one that it uses. */
async function databaseInUse({ database, view }: DataDir): Promise<string> {
  const [ofOne, ofCluster] = [await lastWrite(database), await lastWrite(view)];
  return ofCluster > ofOne ? view : database;
}

/** Of a database or its log of changes, in milliseconds since 1970; 0 where neither is there. */
async function lastWrite(path: string): Promise<number> {
  const times = [path, `${path}-wal`].map(async (one) => {
    try {
      return (await Deno.stat(one)).mtime?.getTime() ?? 0;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return 0;
      throw error;
    }
  });
  return Math.max(...await Promise.all(times));
}

function trouble(source: string, to: string, cause: unknown): Failure {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Failure("FILE_TROUBLE", {
    fields: { action: "copy", path: `${source} to ${to}`, reason },
    cause,
  });
}
