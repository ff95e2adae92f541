import { fileTrouble } from "./file_trouble.ts";

/** A lock that is held; the system lets go of it when the process ends, however it does. */
export interface Lock {
  release(): void;
}

/**
 * Takes the lock of a data dir.
 *
 * @returns null when another process holds it.
 * @throws {Failure} FILE_TROUBLE.
 */
export async function takeLock(path: string): Promise<Lock | null> {
  try {
    const file = await Deno.open(path, {
      read: true,
      write: true,
      create: true,
      mode: 0o600,
    });
    if (await file.tryLock(true)) return { release: () => file.close() };
    file.close();
    return null;
  } catch (cause) {
    throw fileTrouble("lock", { path, cause });
  }
}
