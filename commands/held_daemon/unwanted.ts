import { DataDir } from "../../daemon/keeper/data_dir.ts";

/** Whether somebody wants that no daemon runs for a data dir. */
export async function isUnwanted(dir: string): Promise<boolean> {
  try {
    await Deno.lstat(new DataDir(dir).stopped);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
