/** What is known of a file, links not followed. */
export interface FileFacts {
  readonly isFile: boolean;
  readonly isSymlink: boolean;
  readonly size: number;
  /** Permission bits; null where the system has none. */
  readonly mode: number | null;
}

/** A new file that is being written. */
export interface NewFile {
  write(bytes: Uint8Array): Promise<number>;
  /** Returns when content and size are on the disk. */
  sync(): Promise<void>;
  close(): void;
}

/**
 * The steps in which an identity is made and read, each one thing that the system does whole or not at all. Errors
 * are those of `Deno.errors`.
 */
export interface PrivateFiles {
  facts(path: string): Promise<FileFacts>;
  readText(path: string): Promise<string>;
  /** Mode 0600; rejects with AlreadyExists. */
  create(path: string): Promise<NewFile>;
  /** A second name for a file; rejects with AlreadyExists and changes nothing then. */
  link(from: string, to: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Returns when the folder's names are on the disk. */
  syncFolder(path: string): Promise<void>;
  chmod(path: string, mode: number): Promise<void>;
}

/** The disk. */
export const diskFiles: PrivateFiles = {
  async facts(path) {
    const { isFile, isSymlink, size, mode } = await Deno.lstat(path);
    return { isFile, isSymlink, size, mode: mode && mode & 0o7777 };
  },
  readText: (path) => Deno.readTextFile(path),
  create: (path) =>
    Deno.open(path, { write: true, createNew: true, mode: 0o600 }),
  link: (from, to) => Deno.link(from, to),
  rename: (from, to) => Deno.rename(from, to),
  remove: (path) => Deno.remove(path),
  async syncFolder(path) {
    using folder = await Deno.open(path);
    await folder.sync();
  },
  chmod: (path, mode) => Deno.chmod(path, mode),
};

/** Writes a file whole, or not at all: a temporary name, on the disk, then the name that is wanted. */
export async function writeWhole(
  files: PrivateFiles,
  { path, text }: { readonly path: string; readonly text: string },
): Promise<void> {
  const temporary = `${path}.new`;
  await removeIfThere(files, temporary);
  await writeNew(files, { path: temporary, text });
  await files.rename(temporary, path);
}

/** Writes a file that is not there, down to the disk. */
export async function writeNew(
  files: PrivateFiles,
  { path, text }: { readonly path: string; readonly text: string },
): Promise<void> {
  const file = await files.create(path);
  try {
    let rest = new TextEncoder().encode(text);
    while (rest.length > 0) rest = rest.subarray(await file.write(rest));
    await file.sync();
  } finally {
    file.close();
  }
}

/** @returns whether it was there. */
export async function removeIfThere(
  files: PrivateFiles,
  path: string,
): Promise<boolean> {
  try {
    await files.remove(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
