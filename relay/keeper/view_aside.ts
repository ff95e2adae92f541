import { folderOf } from "../../lib/host/paths.ts";
import { diskFiles, removeIfThere } from "../../lib/host/private_files.ts";
import { DATABASE_PARTS } from "../view_copy/copy_port.ts";
import { DataDir } from "./data_dir.ts";

/**
 * Puts a view that is worth nothing out of the way, for whoever looks into what became of it; one that was put there before
 * goes. Nobody may have it open.
 *
 * @throws an error of `Deno.errors`.
 */
export async function moveAside(view: string): Promise<void> {
  const { viewAside } = new DataDir(folderOf(view));
  for (const part of DATABASE_PARTS) {
    await removeIfThere(diskFiles, viewAside + part);
  }
  for (const part of DATABASE_PARTS) {
    await moveIfThere(view + part, viewAside + part);
  }
}

async function moveIfThere(from: string, to: string): Promise<void> {
  try {
    await diskFiles.rename(from, to);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
