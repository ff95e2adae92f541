import { fileTrouble } from "./file_trouble.ts";
import { type Lock, lockedOrLockless, takeLock } from "./lock.ts";

/** A data dir that is held: by the lock's file, and by the folder itself, which nobody takes away unseen. */
export interface DataDirLock {
  /** The file's. Where the file was taken away it is taken anew; the folder stays held meanwhile. */
  readonly file: Lock;
  /** Lets go of the folder alone; before the file, or the next one would have that and not the folder. */
  releaseFolder(): void;
  /** Lets go of both. */
  release(): void;
}

export interface DataDirPaths {
  /** Path of the lock's file. */
  readonly lock: string;
  /** A folder in the data dir, or the data dir itself, that no other kind of program locks; made where it is missing. */
  readonly folder: string;
}

/**
 * Takes a data dir for this process. Who removes the lock's file, and all by which the one that runs is found, has not
 * let go of the folder's lock.
 *
 * @returns null when another process holds it.
 * @throws {Failure} FILE_TROUBLE.
 */
export async function takeDataDirLock(
  { lock, folder }: DataDirPaths,
): Promise<DataDirLock | null> {
  const opened = await openFolder(folder);
  const releaseFolder = () => opened?.close();
  let file: Lock | null = null;
  try {
    file = await takeLock(lock);
  } finally {
    if (file === null) releaseFolder();
  }
  if (file === null) return null;
  const { release: releaseFile } = file;
  const release = () => {
    releaseFolder();
    releaseFile();
  };
  if (opened === null || await lockedOrLockless(opened)) {
    return { file, releaseFolder, release };
  }
  release();
  return null;
}

/**
 * Null where the system opens no folders, as Windows, and where there is something else in its place, which whoever
 * makes the folder tells: then the file's lock has to do.
 */
async function openFolder(folder: string): Promise<Deno.FsFile | null> {
  try {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    return await Deno.open(folder);
  } catch (error) {
    const { PermissionDenied, AlreadyExists, NotADirectory } = Deno.errors;
    const isToldElsewhere = [PermissionDenied, AlreadyExists, NotADirectory]
      .some((kind) => error instanceof kind);
    if (isToldElsewhere) return null;
    throw fileTrouble("open", { path: folder, cause: error });
  }
}
