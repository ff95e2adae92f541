import { Failure } from "../../lib/errors.ts";
import { shellWord } from "../../lib/rendering/shell_word.ts";

/** A command line whose first word names what a stranger chose, without the command's name. */
export interface NamingLine {
  readonly name: string;
  readonly args: readonly string[];
  /** What the first word names: "id". */
  readonly names: string;
}

const HELP = new Set(["-h", "-H", "--help", "--help-all", "--helpAll"]);

/**
 * The word in the place of an id is never a flag: one called `--file=…` would take a flag's place, and the first word
 * of the text its own.
 *
 * @returns a failure that prints the two lines that may have been meant, or null.
 */
export function firstWordTrouble(
  { name, args, names }: NamingLine,
): Failure | null {
  const [first = "", ...rest] = args;
  if (!first.startsWith("-") || first === "--" || HELP.has(first)) return null;
  const escaped = ["agentnet", name, "--", first, ...rest].map(shellWord);
  return new Failure("USAGE", {
    fields: {
      reason: `'${first}' stands where the ${names} belongs`,
      fix: `flags stand after the ${names}; if it is the ${names}, ` +
        `put -- before it: ${escaped.join(" ")}`,
    },
  });
}
