import { sleep } from "../lib/clock.ts";
import { EXIT, Failure } from "../lib/errors.ts";
import { defined } from "../lib/defined.ts";
import type { WakeQuery } from "../lib/local_api/types.ts";
import {
  WAKE_POLICIES,
  type WakePolicy,
} from "../lib/local_api/wake_policy.ts";
import { wakeText } from "../lib/rendering/wake_text.ts";
import type { CliContext } from "./cli/cli_context.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { COMMON_FLAGS, type CommonFlags } from "./cli/flags.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";

interface Flags extends CommonFlags {
  readonly wake?: WakePolicy;
}

/** One request waits so long; then it is looked whether anybody still reads. Milliseconds. */
const POLL_MS = 25_000;
/** Between two tries while no daemon answers; milliseconds. */
const AWAY_MS = 5_000;

export const command = cliCommand<Flags>({
  brief: "Print a line each time this agent is to be woken",
  example: "agentnet watch --wake contacts",
  help:
    "One line of at most 200 bytes a wake: how many messages are unread, never a word of others. It wakes for a mention, an answer or a question by a contact (agentnet pin), or with --wake everyone by anybody; what was told is told once more only when it was read, or something newer came ten minutes later. Silent while the daemon is away; ends with its reader.",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      wake: {
        kind: "enum",
        values: WAKE_POLICIES,
        optional: true,
        brief: "Whose messages wake (contacts)",
      },
    },
  },
  async run(context, flags) {
    const stop = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      context.onSignal(signal, () => stop.abort());
    }
    const watcher = watcherName(context);
    const query = {
      watcher,
      wait_ms: POLL_MS,
      ...defined({ wake: flags.wake }),
    };
    const parent = context.parentPid();
    const { signal } = stop;
    try {
      while (!signal.aborted && context.parentPid() === parent) {
        await watchOnce(context, flags, { query, signal });
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    return EXIT.done;
  },
});

function watcherName(context: CliContext): string {
  const bytes = [...context.randomBytes(8)];
  return `watch-${
    bytes.map((one) => one.toString(16).padStart(2, "0")).join("")
  }`;
}

/** Waits for a wake, or for the daemon to be there again. */
async function watchOnce(
  context: CliContext,
  flags: Flags,
  { query, signal }: { query: WakeQuery; signal: AbortSignal },
): Promise<void> {
  try {
    const api = await daemonApi(context, flags);
    const { wake } = await api.wake(query, signal);
    if (wake === undefined) return;
    context.stdout.write(
      `${flags.json ? JSON.stringify(wake) : wakeText(wake)}\n`,
    );
  } catch (error) {
    const isAway = error instanceof Failure && error.code === "NO_DAEMON";
    if (!isAway) throw error;
    await sleep(context.clock, AWAY_MS, signal);
  }
}
