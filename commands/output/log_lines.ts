import { type CliContext, OutputClosed } from "../cli/cli_context.ts";

/**
 * Writes log lines to standard error for a program that goes on for days: whoever reads them may go away, a disk may be
 * full, and the program stays.
 */
export function logLines(
  context: CliContext,
): (line: string) => "lost" | "cut" | undefined {
  return (line) => {
    try {
      context.stderr.write(line);
      return undefined;
    } catch (error) {
      if (!(error instanceof OutputClosed)) throw error;
      return error.isCut ? "cut" : "lost";
    }
  };
}
