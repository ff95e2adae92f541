import { Failure } from "../errors.ts";
import { fileTrouble } from "./file_trouble.ts";
import { closedWarning, isOpen } from "./open_modes.ts";

/** A folder that is to be its owner's alone. */
export interface OwnFolder {
  /** Absolute. */
  readonly path: string;
  /** Says how to name another one, for who can't have this one. */
  readonly otherwise: string;
}

/** Mode bits: sticky, as on /tmp, and writable for everybody. */
const SHARED = 0o1002;
const OWN_FOLDER = 0o700;

/**
 * Makes the folder where it is missing, for its owner alone. One that is shared (others may write in it, or it is
 * another user's) is refused as it is.
 *
 * @returns the mode of one of ours that was there and is open to others, or null.
 * @throws {Failure} FILE_TROUBLE.
 */
export async function makeOwnFolder(
  { path, otherwise }: OwnFolder,
): Promise<number | null> {
  try {
    await Deno.mkdir(path, { recursive: true, mode: OWN_FOLDER });
    const { mode, uid } = await Deno.stat(path);
    if (mode === null) return null;
    const reason = (mode & SHARED) !== 0
      ? "others may write in it"
      : uid !== await ownUid(path)
      ? "it is another user's"
      : null;
    if (reason === null) return isOpen(mode) ? mode : null;
    throw new Failure("FILE_TROUBLE", {
      fields: { action: "use", path, reason, fix: otherwise },
    });
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw fileTrouble("use", { path, cause });
  }
}

/**
 * Makes the folder, and closes one of ours that is open to others.
 *
 * @returns warnings, in words.
 * @throws {Failure} FILE_TROUBLE.
 */
export async function makeClosedFolder(folder: OwnFolder): Promise<string[]> {
  const { path } = folder;
  const was = await makeOwnFolder(folder);
  if (was === null) return [];
  try {
    await Deno.chmod(path, OWN_FOLDER);
  } catch (cause) {
    throw fileTrouble("use", { path, cause });
  }
  return [closedWarning(path, { was, now: OWN_FOLDER })];
}

/** Whose files are made there: the program may not ask the system who it is. */
async function ownUid(path: string): Promise<number | null> {
  const probe = await Deno.makeTempFile({ dir: path, prefix: ".owner-" });
  try {
    return (await Deno.stat(probe)).uid;
  } finally {
    await Deno.remove(probe);
  }
}
