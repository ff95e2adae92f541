import { Failure } from "../../lib/errors.ts";
import type { CliContext } from "../cli/cli_context.ts";

/** What lines are read with. */
type LineSource = Pick<CliContext, "openFile" | "openStdin">;

/**
 * The lines of a file, or of standard input where it is `-`, one by one, without their ends; one that is longer than `most` UTF-16 units is cut behind that
 * and ends it. Bytes that are no UTF-8 become U+FFFD, which no line that was written so holds.
 *
 * @throws {Failure} USAGE where there is no such file, FILE_TROUBLE
 */
export async function* readLines(
  source: LineSource,
  path: string,
  most: number,
): AsyncGenerator<string> {
  let rest = "";
  try {
    const texts = path === "-"
      ? source.openStdin()
      : await source.openFile(path);
    for await (const text of texts) {
      rest += text;
      for (
        let end;
        (end = rest.indexOf("\n")) >= 0;
        rest = rest.slice(end + 1)
      ) {
        yield rest.slice(0, end);
      }
      if (rest.length > most) break;
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof Deno.errors.NotFound) throw notThere(path, error);
    const fields = { action: "read", path, reason: error.message };
    throw new Failure("FILE_TROUBLE", {
      fields: { ...fields, fix: "name a file that 'agentnet export' wrote" },
      cause: error,
    });
  }
  if (rest !== "") yield rest.slice(0, most + 1);
}

function notThere(path: string, cause: Error): Failure {
  const reason = `can't read ${path}: there is no such file`;
  const fields = { reason, fix: "name one that 'agentnet export' wrote" };
  return new Failure("USAGE", { fields, cause });
}
