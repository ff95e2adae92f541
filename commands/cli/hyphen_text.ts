import { Failure } from "../../lib/errors.ts";
import { shellWord } from "../../lib/rendering/shell_word.ts";

/** The command line of a command that takes text, without the command's name. */
export interface TextCommandLine {
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
 * Finds text that would be taken for a flag, or a flag that would be taken for text, before the parser
 * sees the command line.
 *
 * @returns a failure that prints the corrected command line, or null.
 */
export function hyphenTrouble(typed: TextCommandLine): Failure | null {
  const scanned = scan(typed);
  if (hasWordsBesideInput(typed, scanned)) {
    return wordsBesideInput(typed, scanned);
  }
  if (scanned.offender === null) return null;
  const word = scanned.offender;
  const silent = HELP.has(word)
    ? scanned.before.length >= 2
    : word.startsWith("--") && !FLAG_SHAPE.test(word);
  return silent ? textOrFlag(typed, `'${word}' is not a flag`) : null;
}

/** Whether a `-` where text begins, standard input, has words after it that would be lost or sent in its place. */
function hasWordsBesideInput(
  { flags }: TextCommandLine,
  scanned: Scan,
): boolean {
  const words = scanned.before.length + scanned.after.length;
  return flags.has("file") && scanned.before[1] === "-" && words > 2;
}

function wordsBesideInput({ name }: TextCommandLine, scanned: Scan): Failure {
  const [room = "", ...text] = scanned.before;
  const corrected = [
    name,
    room,
    ...scanned.flags,
    "--",
    ...text,
    ...scanned.after,
  ]
    .map(shellWord).join(" ");
  return new Failure("USAGE", {
    fields: {
      reason: "a single - is standard input, and words stand beside it",
      fix: `leave the words out; if all is text, put -- before it: ` +
        `agentnet ${corrected}`,
    },
  });
}

/** A failure that says why, and prints the command line in which the words from the wrong one on are text. */
export function textOrFlag(
  typed: TextCommandLine,
  reason: string,
  fix = "",
): Failure {
  const { before, flags, after } = scan(typed);
  const corrected = [
    "agentnet",
    typed.name,
    ...before,
    ...flags,
    "--",
    ...after,
  ]
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

function scan({ args, flags: known }: TextCommandLine): Scan {
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
