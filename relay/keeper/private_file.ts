import { dirname } from "node:path";

/**
 * Writes a file that its owner alone may read, whole or not at all: a temporary name, down to the disk, then the
 * name that is wanted. Errors are those of `Deno.errors`.
 */
export async function writePrivateFile(
  path: string,
  text: string,
): Promise<void> {
  const temporary = `${path}.new`;
  await removeIfThere(temporary);
  {
    using file = await Deno.open(temporary, {
      write: true,
      createNew: true,
      mode: 0o600,
    });
    let rest = new TextEncoder().encode(text);
    while (rest.length > 0) rest = rest.subarray(await file.write(rest));
    await file.sync();
  }
  await Deno.rename(temporary, path);
  await syncFolderOf(path);
}

/** Returns when the names in the file's folder are on the disk. */
export async function syncFolderOf(path: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using folder = await Deno.open(dirname(path));
  await folder.sync();
}

export async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
