import { type CliContext, OutputClosed } from "../cli/cli_context.ts";

/**
 * Writes log lines to standard error for a program that goes on for days: whoever reads them may go away, and the
 * program stays.
 */
export function logLines(context: CliContext): (line: string) => void {
  let hasReader = true;
  return (line) => {
    if (!hasReader) return;
    try {
      context.stderr.write(line);
    } catch (error) {
      if (!(error instanceof OutputClosed)) throw error;
      hasReader = false;
    }
  };
}
