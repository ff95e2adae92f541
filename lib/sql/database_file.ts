const OWN_FILE = 0o600;
/** SQLite's name for a database that has no file. */
const NO_FILE = ":memory:";

/**
 * Makes a database's file where it is missing, and its owner's alone in any case, before SQLite opens it: SQLite gives
 * the log and the shared memory beside the file the mode of the file.
 *
 * @throws an error of `Deno.errors`.
 */
export function makeDatabaseFile(path: string): void {
  if (path === NO_FILE) return;
  Deno.openSync(path, { create: true, write: true, mode: OWN_FILE }).close();
  if (Deno.build.os !== "windows") Deno.chmodSync(path, OWN_FILE);
}
