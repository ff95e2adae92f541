import { basename, dirname, join } from "node:path";
import { isNamed } from "./lock.ts";

/** So much of a file's name stands in that of its part, in UTF-8 bytes: file systems bound a name at 255. */
const MOST_NAME = 180;
/** So many names of a folder are looked at. */
const MOST_LOOKED = 20_000;
const PART_NAME = /^\..*\.agentnet-[0-9a-f]{16}\.part$/s;

/**
 * Where a file is written before it has its name: beside it, hidden, by a name that no program but this one gives.
 *
 * @param chance 8 bytes
 */
export function partPath(path: string, chance: Uint8Array): string {
  const name = shortened(basename(path));
  return join(dirname(path), `.${name}.agentnet-${chance.toHex()}.part`);
}

/** Its start, without half a character. */
function shortened(name: string): string {
  const { read } = new TextEncoder().encodeInto(
    name,
    new Uint8Array(MOST_NAME),
  );
  return name.slice(0, read);
}

/**
 * Removes parts from a folder whose writers have ended without tidying up: one that is still written is locked. What
 * can't be listed, locked or removed stays: nothing of the user's own waits for it.
 */
export async function removeLeftParts(folder: string): Promise<void> {
  try {
    let looked = 0;
    for await (const { name, isFile } of Deno.readDir(folder)) {
      if (isFile && PART_NAME.test(name)) await removeLeft(join(folder, name));
      if (++looked === MOST_LOOKED) return;
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}

async function removeLeft(path: string): Promise<void> {
  try {
    using file = await Deno.open(path, { read: true, write: true });
    const isLeft = await file.tryLock(true) && await isNamed(path, file);
    if (isLeft) await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}
