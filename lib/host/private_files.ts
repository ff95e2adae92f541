import { closedWarning, isOpen } from "./open_modes.ts";
import { folderOf } from "./paths.ts";

/** What is known of a file, links not followed. */
export interface FileFacts {
  readonly isFile: boolean;
  readonly isSymlink: boolean;
  readonly size: number;
  /** Permission bits; null where the system has none. */
  readonly mode: number | null;
  /** Whose it is; null or absent where the system does not say. */
  readonly uid?: number | null;
}

/** A new file that is being written. */
export interface NewFile {
  write(bytes: Uint8Array): Promise<number>;
  /** Returns when content and size are on the disk. */
  sync(): Promise<void>;
  close(): void;
}

/**
 * The steps in which a private file is made and read, each one thing that the system does whole or not at all. Errors
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

const OWN_FILE = 0o600;

/** The disk. */
export const diskFiles: PrivateFiles = {
  async facts(path) {
    const { isFile, isSymlink, size, mode, uid } = await Deno.lstat(path);
    return { isFile, isSymlink, size, mode: mode && mode & 0o7777, uid };
  },
  readText: (path) => Deno.readTextFile(path),
  create: (path) =>
    Deno.open(path, { write: true, createNew: true, mode: OWN_FILE }),
  link: (from, to) => Deno.link(from, to),
  rename: (from, to) => Deno.rename(from, to),
  remove: (path) => Deno.remove(path),
  async syncFolder(path) {
    // It opens no folders, and keeps their names without being asked.
    if (Deno.build.os === "windows") return;
    using folder = await Deno.open(path);
    await folder.sync();
  },
  chmod: (path, mode) => Deno.chmod(path, mode),
};

/** A file that is to be written. */
export interface WantedFile {
  readonly path: string;
  readonly text: string;
  /** The name by way of which it is written; one of its own where no lock keeps other writers away. */
  readonly temporary?: string;
}

/** Writes a file whole, or not at all: a temporary name, on the disk, then the name that is wanted. */
export async function writeWhole(
  files: PrivateFiles,
  { path, text, temporary = `${path}.new` }: WantedFile,
): Promise<void> {
  await removeIfThere(files, temporary);
  await writeNew(files, { path: temporary, text });
  await files.rename(temporary, path);
}

/** The same, and the name is on the disk too when it returns. */
export async function writeDurably(
  files: PrivateFiles,
  file: WantedFile,
): Promise<void> {
  await writeWhole(files, file);
  await files.syncFolder(folderOf(file.path));
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

/**
 * Takes the rights of group and others away, where a file has given them any.
 *
 * @returns warnings, in words.
 */
export async function closeToOthers(
  files: PrivateFiles,
  { path, facts }: { readonly path: string; readonly facts: FileFacts },
): Promise<string[]> {
  const { mode } = facts;
  if (mode === null || !isOpen(mode)) return [];
  await files.chmod(path, OWN_FILE);
  return [closedWarning(path, { was: mode, now: OWN_FILE })];
}
