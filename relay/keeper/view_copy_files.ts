import { folderOf } from "../../lib/host/paths.ts";
import { diskFiles, removeIfThere } from "../../lib/host/private_files.ts";
import { DATABASE_PARTS } from "../view_copy/copy_port.ts";
import { DataDir } from "./data_dir.ts";

/**
 * Puts another relay's view, which was taken, in the place of this one's, which is worth nothing any more. Nobody may have it
 * open.
 *
 * @throws an error of `Deno.errors`.
 */
export async function useTaken(view: string): Promise<void> {
  const folder = folderOf(view);
  // Its log of changes goes first: beside another database it would be taken for that one's.
  for (const part of DATABASE_PARTS.toReversed()) {
    await removeIfThere(diskFiles, view + part);
  }
  await diskFiles.rename(new DataDir(folder).viewCopies.taken, view);
  await diskFiles.syncFolder(folder);
}

/** Removes what a relay left of copies of views when it was killed. @throws an error of `Deno.errors`. */
export async function removeCopies(view: string): Promise<void> {
  const { viewCopies } = new DataDir(folderOf(view));
  for (const path of Object.values(viewCopies)) {
    for (const part of DATABASE_PARTS) {
      await removeIfThere(diskFiles, path + part);
    }
  }
}
