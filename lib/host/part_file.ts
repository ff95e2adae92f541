import { dirname } from "node:path";
import { isThere } from "./is_there.ts";
import { partPath, removeLeftParts } from "./left_parts.ts";
import { isNamed, lockedOrLockless } from "./lock.ts";
import { type NewFileOfBytes, writeAll } from "./new_file.ts";

/** Bytes of chance in a part's name. */
const CHANCE = 8;

/** A file that is written beside its name. */
export interface PartFile extends NewFileOfBytes {
  /**
   * The path of its part, for who opens that himself to write it. On Windows, where a lock would keep him out, it has none
   * from then on: nobody removes there what is open.
   */
  shared(): Promise<string>;
}

/**
 * Makes a file, 0600, where there is none. It has its name once it is kept, and is whole then; until then it is a
 * hidden part beside it, and what killed writers left of theirs in that folder is removed.
 *
 * Rejects with an error of `Deno.errors`; with AlreadyExists at once, or in `keep` where it was made meanwhile.
 */
export async function partFile(
  path: string,
  chance: (bytes: number) => Uint8Array,
): Promise<PartFile> {
  if (await isThere(path)) throw new Deno.errors.AlreadyExists(path);
  await removeLeftParts(dirname(path));
  const { part, file } = await newPart(path, chance);
  return {
    async shared() {
      if (Deno.build.os === "windows") await file.unlock();
      return part;
    },
    write: (bytes) => writeAll(file, bytes),
    async keep() {
      await file.sync();
      await giveName(part, path);
    },
    async [Symbol.asyncDispose]() {
      file.close();
      await removeName(part);
    },
  };
}

async function newPart(
  path: string,
  chance: (bytes: number) => Uint8Array,
): Promise<{ readonly part: string; readonly file: Deno.FsFile }> {
  for (;;) {
    const part = partPath(path, chance(CHANCE));
    const file = await openPart(part).catch((error) => {
      // Of a part nobody knows: it is the file that can't be made.
      if (error instanceof Error) {
        error.message = error.message.replaceAll(part, path);
      }
      throw error;
    });
    if (file !== null) return { part, file };
  }
}

/** Locked as long as it is open. Null where whoever looks for left ones had it before that, and took it away. */
async function openPart(part: string): Promise<Deno.FsFile | null> {
  const file = await Deno.open(part, {
    ...{ read: true, write: true, createNew: true, mode: 0o600 },
  });
  let isOurs = false;
  try {
    isOurs = await lockedOrLockless(file) && await isNamed(part, file);
    return isOurs ? file : null;
  } finally {
    if (!isOurs) file.close();
  }
}

/** A second name, which takes no other file's place; where there are none, as on a FAT disk, one that was taken before. */
async function giveName(part: string, path: string): Promise<void> {
  try {
    await Deno.link(part, path);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) throw error;
    (await Deno.open(path, { write: true, createNew: true })).close();
    try {
      await Deno.rename(part, path);
    } catch (error) {
      await removeName(path);
      throw error;
    }
  }
}

async function removeName(part: string): Promise<void> {
  try {
    await Deno.remove(part);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
