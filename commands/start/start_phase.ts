import { EXIT, type ExitCode, Failure } from "../../lib/errors.ts";
import type { FailureJson } from "../../lib/errors.ts";
import { fileTrouble } from "../../lib/host/file_trouble.ts";
import { shellWord } from "../../lib/rendering/shell_word.ts";
import { checkLoopback } from "../../lib/local_api/loopback.ts";
import type { CliContext } from "../cli/cli_context.ts";

/**
 * How far the shell around the program is with the start of a daemon (scripts/start.sh):
 * - "none": no shell that could start one is there, as around a compiled file;
 * - "offered": it starts one if it is asked to, by an exit code;
 * - "started": it did, and standard input tells what became of it;
 * - "done": the daemon is up.
 */
export type StartPhase = "none" | "offered" | "started" | "done";

const PHASES: readonly StartPhase[] = ["offered", "started", "done"];

/** A daemon's own words on its start take less. */
const MOST_BYTES = 65_536;
/** How much of the end of a log is looked at, in characters. */
const LOG_END = 2_000;

/** Which phase it is; anything else that stands there is none. */
export function startPhase(context: Pick<CliContext, "env">): StartPhase {
  const said = context.env("AGENTNET_START");
  return PHASES.find((phase) => phase === said) ?? "none";
}

/** What is to be started. */
export interface Wanted {
  /** The data dir. */
  readonly dir: string;
  /** The flags that chose it. */
  readonly flags: {
    readonly as?: string | undefined;
    readonly dataDir?: string | undefined;
  };
}

/**
 * Asks for a daemon.
 *
 * @param check whether one could be reached and could log; rejects with a Failure LOOPBACK_CUT, FILE_TROUBLE.
 * @returns the exit code that asks the shell.
 * @throws {Failure} CANNOT_START where none is there, with the line to be typed; NO_DAEMON where one was started and
 *   has gone.
 */
export async function askForStart(
  context: Pick<CliContext, "env">,
  { dir, flags }: Wanted,
  check: (log: string) => Promise<void> = checkStart,
): Promise<ExitCode> {
  await check(logPath(dir));
  const phase = startPhase(context);
  if (phase === "offered") return EXIT.startWanted;
  // It was up a moment ago.
  if (phase === "done") throw new Failure("NO_DAEMON");
  const { as, dataDir } = flags;
  const words = [
    ...["agentnet", "daemon"],
    ...(as === undefined ? [] : ["--as", as]),
    ...(dataDir === undefined ? [] : ["--data-dir", dataDir]),
  ].map(shellWord).join(" ");
  const log = shellWord(logPath(dir));
  const line = `${words} >>${log} 2>&1 </dev/null &`;
  throw new Failure("CANNOT_START", { fields: { line } });
}

/** The shell that starts the daemon opens its log, and has no good words for what keeps it from that. */
async function checkStart(path: string): Promise<void> {
  await checkLoopback();
  try {
    if (!await isFileOrAbsent(path)) throw new Error("it is not a file");
    const file = await Deno.open(path, {
      ...{ append: true, create: true, mode: 0o600 },
    });
    file.close();
  } catch (cause) {
    throw fileTrouble("write", { path, cause });
  }
}

/** To open a pipe that nobody reads would never end. */
async function isFileOrAbsent(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    throw error;
  }
}

/** Where a daemon in the background logs. */
export const logPath = (dir: string) => `${dir}/daemon.log`;

/**
 * Hears what became of the daemon that the shell started: returns when it listens, or another runs.
 *
 * @returns whether another start had begun it.
 * @throws {Failure} what kept it from starting.
 */
export async function hearOfStart(
  context: CliContext,
  dir: string,
): Promise<boolean> {
  const said = readWords(await context.readStdinLine(MOST_BYTES));
  if (said === null) throw await endedAtOnce(context, dir);
  if (said.error !== undefined) throw Failure.fromJson(said.error);
  return said.already_running === true;
}

/** The one line that a daemon says with `--json`. */
interface StartWords {
  readonly already_running?: boolean;
  readonly error?: FailureJson;
}

function readWords(line: string): StartWords | null {
  try {
    const value = JSON.parse(line);
    return typeof value === "object" ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

async function endedAtOnce(context: CliContext, dir: string): Promise<Failure> {
  const log = logPath(dir);
  const text = await context.readTextFile(log).catch(() => "");
  const last = text.slice(-LOG_END).trimEnd().split("\n").at(-1) ?? "";
  const reason = `the daemon ended before it was up, see ${log}${
    last === "" ? "" : `: ${last}`
  }`;
  return new Failure("INTERNAL", { fields: { reason } });
}
