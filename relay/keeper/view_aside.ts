import { DataDir } from "./data_dir.ts";
import { dirname } from "node:path";

/** SQLite's own names beside a database's file. */
const PARTS = ["", "-wal", "-shm"];

/**
 * Puts a view that is worth nothing out of the way, for whoever looks into what became of it; one that was put there before
 * goes. Nobody may have it open.
 *
 * @throws an error of `Deno.errors`.
 */
export function moveAside(view: string): void {
  const { viewAside } = new DataDir(dirname(view));
  for (const part of PARTS) removeIfThere(viewAside + part);
  for (const part of PARTS) moveIfThere(view + part, viewAside + part);
}

function moveIfThere(from: string, to: string): void {
  try {
    Deno.renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
