import { Failure } from "../../lib/errors.ts";
import type { CliContext } from "../cli/cli_context.ts";

/** So many UTF-16 units go out in one write. */
const CHUNK = 256 * 1024;

/**
 * Writes lines to a file that this agent's user alone can read, and that was not there before. Nothing is left of it
 * where not all could be written.
 *
 * @throws {Failure} FILE_TROUBLE
 */
export async function writeNewFile(
  context: Pick<CliContext, "createFile">,
  path: string,
  lines: Iterable<string>,
): Promise<void> {
  try {
    await using file = await context.createFile(path);
    let chunk = "";
    for (const line of lines) {
      chunk += `${line}\n`;
      if (chunk.length < CHUNK) continue;
      await file.write(chunk);
      chunk = "";
    }
    await file.write(chunk);
    await file.keep();
  } catch (error) {
    throw fileTrouble(path, error);
  }
}

function fileTrouble(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Failure) return error;
  const isThere = error instanceof Deno.errors.AlreadyExists;
  const fields = {
    ...{ action: "write", path },
    reason: isThere ? "it is there already" : error.message,
    ...(isThere ? { fix: "name a new file" } : {}),
  };
  return new Failure("FILE_TROUBLE", { fields, cause: error });
}
