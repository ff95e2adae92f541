import { Failure } from "../../lib/errors.ts";
import { shellWord } from "../../lib/rendering/shell_word.ts";

/** A line of a command that takes text, without the command's name. */
export interface TextLine {
  readonly name: string;
  readonly args: readonly string[];
  /** The command's flags without `--`; true where a value follows. */
  readonly flags: ReadonlyMap<string, boolean>;
}

/** Asks for help wherever it stands, unless text has begun. */
const HELP = new Set(["-h", "-H", "--help", "--help-all", "--helpAll"]);
/** How the parser recognizes a flag; anything else that starts with `--` would pass as text unnoticed. */
const FLAG_SHAPE = /^--[a-z][a-z-.\d_]+(?:=.+)?$/i;

/**
 * Finds text that would be taken for a flag, or a flag that would be taken for text, before the parser sees the line.
 *
 * @returns a failure that prints the corrected line, or null.
 */
export function hyphenTrouble(line: TextLine): Failure | null {
  const scan = scanLine(line);
  if (hasWordsBesideInput(line, scan)) return wordsBesideInput(line, scan);
  if (scan.offender === null) return null;
  const word = scan.offender;
  const silent = HELP.has(word)
    ? scan.before.length >= 2
    : word.startsWith("--") && !FLAG_SHAPE.test(word);
  return silent ? textOrFlag(line, `'${word}' is not a flag`) : null;
}

/** Whether a `-` where text begins, standard input, has words after it that would be lost or sent in its place. */
function hasWordsBesideInput({ flags }: TextLine, scan: Scan): boolean {
  const words = scan.before.length + scan.after.length;
  return flags.has("file") && scan.before[1] === "-" && words > 2;
}

function wordsBesideInput({ name }: TextLine, scan: Scan): Failure {
  const [room = "", ...text] = scan.before;
  const corrected = [name, room, ...scan.flags, "--", ...text, ...scan.after]
    .map(shellWord).join(" ");
  return new Failure("USAGE", {
    fields: {
      reason: "a single - is standard input, and words stand beside it",
      fix: `leave the words out; if all is text, put -- before it: ` +
        `agentnet ${corrected}`,
    },
  });
}

/** A failure that says why, and prints the line in which the words from the wrong one on are text. */
export function textOrFlag(
  line: TextLine,
  reason: string,
  fix = "",
): Failure {
  const { before, flags, after } = scanLine(line);
  const corrected = ["agentnet", line.name, ...before, ...flags, "--", ...after]
    .map(shellWord).join(" ");
  const text = `if it is text, put -- before it: ${corrected}`;
  return new Failure("USAGE", {
    fields: { reason, fix: fix === "" ? text : `${fix} ${text}` },
  });
}

interface Scan {
  /** Words before the first one that is no flag of this command but starts like one. */
  readonly before: readonly string[];
  readonly offender: string | null;
  readonly flags: readonly string[];
  readonly after: readonly string[];
}

function scanLine({ args, flags: known }: TextLine): Scan {
  const before: string[] = [];
  const flags: string[] = [];
  const after: string[] = [];
  let offender: string | null = null;
  for (let i = 0; i < args.length; i++) {
    const word = args[i] as string;
    if (word === "--") {
      after.push(...args.slice(i + 1));
      break;
    }
    const takesValue = known.get(word.replace(/^--|=.+$/gs, ""));
    if (word.startsWith("--") && takesValue !== undefined) {
      flags.push(word);
      const separate = takesValue && !word.includes("=");
      if (separate && i + 1 < args.length) flags.push(args[++i] as string);
    } else if (after.length > 0 || /^-./.test(word)) {
      offender ??= word;
      after.push(word);
    } else before.push(word);
  }
  return { before, flags, after, offender };
}
