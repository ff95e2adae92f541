import { Failure } from "../../lib/errors.ts";
import {
  requireClosed,
  type TextAndMode,
} from "../../lib/host/secret_reading.ts";

export type ReadText = (path: string) => Promise<string>;
/** Reads a file, and whom it is open to. */
export type ReadWithMode = (path: string) => Promise<TextAndMode>;

/** The text of a file that the operator named. @throws {Failure} FILE_TROUBLE */
export async function readNamed(
  path: string,
  readText: ReadText,
): Promise<string> {
  try {
    return await readText(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw namedTrouble(path, reason, cause);
  }
}

/** The text of a secret that the operator named. @throws {Failure} FILE_TROUBLE; SECRET_OPEN where others may use it. */
export async function readNamedSecret(
  path: string,
  readWithMode: ReadWithMode,
): Promise<string> {
  let mode: number | null = null;
  const text = await readNamed(path, async () => {
    const file = await readWithMode(path);
    mode = file.mode;
    return file.text;
  });
  requireClosed(path, mode);
  return text;
}

/** That such a file can't be used as it is. */
export function namedTrouble(
  path: string,
  reason: string,
  cause?: unknown,
): Failure {
  return new Failure("FILE_TROUBLE", {
    fields: { action: "use", path, reason, fix: "put the file right" },
    cause,
  });
}
