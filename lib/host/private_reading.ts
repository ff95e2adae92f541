import { Failure } from "../errors.ts";
import { closeToOthers, type PrivateFiles } from "./private_files.ts";

/** A private file that was read. */
export interface PrivateText {
  readonly text: string;
  /** What the user should know, in words. */
  readonly warnings: readonly string[];
}

/**
 * Reads a private file of a data dir. A link, and anything else that is no plain file, is refused and stays as it is;
 * a file that is open to others is closed, which the system refuses for another user's.
 *
 * @throws {Failure} FILE_TROUBLE for what is no plain file; else an error of `Deno.errors`.
 */
export async function readPrivate(
  files: PrivateFiles,
  path: string,
): Promise<PrivateText> {
  const facts = await files.facts(path);
  if (!facts.isFile) {
    throw new Failure("FILE_TROUBLE", {
      fields: {
        action: "use",
        path,
        reason: facts.isSymlink ? "it is a link" : "it is not a file",
        fix: "put the file itself in its place",
      },
    });
  }
  const warnings = await closeToOthers(files, { path, facts });
  return { text: await files.readText(path), warnings };
}
