import { Failure } from "../../lib/errors.ts";

export type ReadText = (path: string) => Promise<string>;

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
