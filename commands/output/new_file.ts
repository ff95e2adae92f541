import { Failure } from "../../lib/errors.ts";
import type { CliContext } from "../cli/cli_context.ts";

/** So many UTF-16 units go out in one write. */
const CHUNK = 256 * 1024;

/**
 * Writes lines to a file that this agent's user alone can read, and that was not there before. Nothing is left of it
 * where not all could be written.
 *
 * @throws {Failure} FILE_EXISTS, FILE_TROUBLE
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
  if (error instanceof Deno.errors.AlreadyExists) {
    return new Failure("FILE_EXISTS", { fields: { path }, cause: error });
  }
  const fields = { action: "write", path, reason: error.message };
  return new Failure("FILE_TROUBLE", { fields, cause: error });
}
