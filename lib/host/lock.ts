import { fileTrouble } from "./file_trouble.ts";

/** A lock that is held; the system lets go of it when the process ends, however it does. */
export interface Lock {
  /** Whether its file still has its name: without it, it keeps nobody away. Rejects with a `Failure` FILE_TROUBLE. */
  isNamed(): Promise<boolean>;
  release(): void;
}

/** Opens the lock's file, and makes it where it is missing. */
type OpenFile = (path: string) => Promise<Deno.FsFile>;

/** So often the file may be taken away between its opening and its locking. */
const MOST_TRIES = 10;

/**
 * Takes the lock of a data dir. A lock on a file that has no name any more, or whose name another file has by now,
 * would keep nobody away: it is tried anew.
 *
 * @returns null when another process holds it.
 * @throws {Failure} FILE_TROUBLE.
 */
export async function takeLock(
  path: string,
  open: OpenFile = openFile,
): Promise<Lock | null> {
  try {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const lock = await tryOnce(path, await open(path));
      if (lock !== "nameless") return lock;
    }
    throw new Error("the file goes away as often as it is made");
  } catch (cause) {
    throw fileTrouble("lock", { path, cause });
  }
}

/** A file that is not the lock is closed, whatever happens: its own lock would keep us away. */
async function tryOnce(
  path: string,
  file: Deno.FsFile,
): Promise<Lock | null | "nameless"> {
  let lock: Lock | null = null;
  try {
    if (!await file.tryLock(true)) return null;
    if (!await isNamed(path, file)) return "nameless";
    lock = { isNamed: () => stillNamed(path, file), release };
    return lock;
  } finally {
    if (lock === null) release();
  }
  function release() {
    file.close();
  }
}

async function stillNamed(path: string, file: Deno.FsFile): Promise<boolean> {
  try {
    return await isNamed(path, file);
  } catch (cause) {
    throw fileTrouble("look at", { path, cause });
  }
}

function openFile(path: string): Promise<Deno.FsFile> {
  return Deno.open(path, {
    read: true,
    write: true,
    create: true,
    mode: 0o600,
  });
}

/** Locks a file, or a folder, as long as it is open. True too where its file system has no locks, as some over a network. */
export async function lockedOrLockless(file: Deno.FsFile): Promise<boolean> {
  try {
    return await file.tryLock(true);
  } catch (error) {
    if (error instanceof Error) return true;
    throw error;
  }
}

/** Whether the path leads to this very file. */
export async function isNamed(
  path: string,
  file: Deno.FsFile,
): Promise<boolean> {
  try {
    const [there, ours] = [await Deno.stat(path), await file.stat()];
    return there.ino === ours.ino && there.dev === ours.dev;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
