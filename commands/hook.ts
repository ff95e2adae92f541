import { defined } from "../lib/defined.ts";
import { EXIT, type ExitCode, Failure } from "../lib/errors.ts";
import { type HookCall, hookCall, MOST_INPUT } from "../lib/hooks/hook_call.ts";
import {
  HOOK_PROGRAMS,
  type HookProgram,
  HOOKS,
} from "../lib/hooks/hook_table.ts";
import { wakeText } from "../lib/rendering/wake_text.ts";
import type { CliContext } from "./cli/cli_context.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { parseDuration } from "./cli/duration.ts";
import { COMMON_FLAGS, type CommonFlags, readFlag, word } from "./cli/flags.ts";
import { stopSignal } from "./cli/stop_signal.ts";
import { WAKE_FLAG, type WakeFlags } from "./cli/wake_flag.ts";
import { apiNow, chosenIdentity } from "./daemon_access/daemon_api.ts";
import { nextWake } from "./daemon_access/next_wake.ts";
import { note } from "./output/answer.ts";

interface Flags extends CommonFlags, WakeFlags {
  readonly wait?: number;
}

/** A host waits for its hook: so long at most, without `--wait`; milliseconds. */
const PATIENCE_MS = 200;

export const command = cliCommand<Flags, [program: string]>({
  brief: "Answer a hook of an agent program: whether its model is to be woken",
  example: "agentnet hook claude",
  help:
    "Reads the hook's JSON on standard input and answers as the program wants it. What it tells are numbers and our own words, never a text of others, and the same news once a session. Whatever goes wrong, the program's turn goes on: exit code 0. With --wait it waits so long for a wake and then ends with exit code 2 and the wake on standard error, as a hook that may wake an idle session wants it.",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      ...WAKE_FLAG,
      wait: readFlag(parseDuration, "24h", "Wait so long for a wake"),
    },
    positional: {
      kind: "tuple",
      parameters: [word("program", HOOK_PROGRAMS.join(", "))],
    },
  },
  async run(context, flags, name) {
    const program = HOOK_PROGRAMS.find((one) => one === name);
    // Exit code 2 would be an answer to the host.
    if (program === undefined) {
      note(context, `no such program; one of ${HOOK_PROGRAMS.join(", ")}`);
      return EXIT.unexpected;
    }
    if (flags.wait !== undefined) {
      const call = hookCall(program, await context.readStdin(MOST_INPUT));
      return call === null ? EXIT.done : await untilWoken(context, flags, call);
    }
    const told = await news(context, flags, program);
    const answer = told === undefined
      ? HOOKS[program].silent
      : JSON.stringify(told);
    if (answer !== "") context.stdout.write(`${answer}\n`);
    return EXIT.done;
  },
});

/** What there is to tell, or undefined; within the host's patience, and nothing of what goes wrong. */
async function news(
  context: CliContext,
  flags: Flags,
  program: HookProgram,
): Promise<object | undefined> {
  const late = context.deadline(PATIENCE_MS);
  try {
    const input = await before(late, context.readStdin(MOST_INPUT));
    const call = hookCall(program, input);
    if (call === null) return undefined;
    const { watcher, isHuman, isQuiet, answer } = call;
    const api = await apiNow(context, flags);
    if (isHuman) await api.human({}, late);
    if (isQuiet) return undefined;
    const query = { watcher, ...defined({ wake: flags.wake }) };
    const { wake } = await api.wake(query, late);
    if (wake === undefined) return undefined;
    return answer(wakeText(wake, chosenIdentity(context, flags)));
  } catch (error) {
    if (late.aborted || error instanceof Failure) return undefined;
    throw error;
  }
}

/** A host may keep open what it gives its hook to read. Rejects with the signal's reason once it is late. */
function before<T>(late: AbortSignal, ended: Promise<T>): Promise<T> {
  const isLate = new Promise<never>((_, reject) => {
    late.addEventListener("abort", () => reject(late.reason), { once: true });
  });
  return Promise.race([ended, isLate]);
}

/** Waits for a wake, on standard error then: what the host wakes its session with. */
async function untilWoken(
  context: CliContext,
  flags: Flags,
  { watcher }: HookCall,
): Promise<ExitCode> {
  const { signal, off } = stopSignal(context);
  try {
    const wake = await nextWake(context, flags, {
      query: { watcher, ...defined({ wake: flags.wake }) },
      ...{ waitMs: flags.wait ?? 0, signal },
    });
    if (wake === undefined) return EXIT.done;
    const text = wakeText(wake, chosenIdentity(context, flags));
    context.stderr.write(`${text}\n`);
    return EXIT.usage;
  } catch (error) {
    if (error instanceof Failure) return EXIT.done;
    throw error;
  } finally {
    off();
  }
}
