import { join } from "node:path";
import type { FileIdentity, FileOpener, OpenedFile } from "./opened_file.ts";

const PIECE = 64 * 1024;
/** Folders of ours hold a few dozen files. */
const MOST_FILES = 20_000;

/** Files of this host, as this process may read them. */
export const diskFiles: FileOpener = {
  async open(path) {
    // A pipe would be waited for.
    if (!(await Deno.stat(path)).isFile) return null;
    const file = await Deno.open(path, { read: true });
    const stat = await file.stat();
    if (stat.isFile) return opened(file, stat);
    file.close();
    return null;
  },
  realPath: (path) => Deno.realPath(path),
  within: (folders) => Array.fromAsync(identities(folders)),
};

function opened(file: Deno.FsFile, stat: Deno.FileInfo): OpenedFile {
  return {
    ...{ dev: stat.dev, ino: stat.ino ?? 0, size: stat.size },
    async *pieces() {
      await file.seek(0, Deno.SeekMode.Start);
      for (;;) {
        const piece = new Uint8Array(PIECE);
        const read = await file.read(piece);
        if (read === null) return;
        yield piece.subarray(0, read);
      }
    },
    [Symbol.dispose]: () => file.close(),
  };
}

async function* identities(
  folders: readonly string[],
): AsyncGenerator<FileIdentity> {
  const waiting = [...folders];
  for (let seen = 0; waiting.length > 0 && seen < MOST_FILES;) {
    const folder = waiting.pop() ?? "";
    for (const { name, isDirectory } of await entries(folder)) {
      seen++;
      const path = join(folder, name);
      if (isDirectory) waiting.push(path);
      else yield* identityOf(path);
    }
  }
}

/** None where it is not there, or not to be seen: then nothing of it can be sent either. */
async function entries(folder: string): Promise<Deno.DirEntry[]> {
  return await unlessHidden(() => Array.fromAsync(Deno.readDir(folder))) ?? [];
}

async function* identityOf(path: string): AsyncGenerator<FileIdentity> {
  const stat = await unlessHidden(() => Deno.stat(path));
  if (stat !== undefined) yield { dev: stat.dev, ino: stat.ino ?? 0 };
}

async function unlessHidden<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    const { errors } = Deno;
    const isHidden = error instanceof errors.NotFound ||
      error instanceof errors.NotCapable ||
      error instanceof errors.PermissionDenied ||
      error instanceof errors.NotADirectory ||
      error instanceof errors.FilesystemLoop;
    if (isHidden) return undefined;
    throw error;
  }
}
