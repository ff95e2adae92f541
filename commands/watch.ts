import { defined } from "../lib/defined.ts";
import { EXIT } from "../lib/errors.ts";
import { wakeText } from "../lib/rendering/wake_text.ts";
import type { CliContext } from "./cli/cli_context.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { COMMON_FLAGS, type CommonFlags } from "./cli/flags.ts";
import { stopSignal } from "./cli/stop_signal.ts";
import { WAKE_FLAG, type WakeFlags } from "./cli/wake_flag.ts";
import { chosenIdentity } from "./daemon_access/daemon_api.ts";
import { nextWake } from "./daemon_access/next_wake.ts";

export const command = cliCommand<CommonFlags & WakeFlags>({
  brief: "Print a line each time this agent is to be woken",
  example: "agentnet watch --wake contacts",
  help:
    "One line of at most 200 bytes a wake: how many messages are unread, never a word of others. It wakes for a mention, an answer or a question by a contact (agentnet pin), or with --wake everyone by anybody; what was told is told once more only when it was read, or something newer came ten minutes later. Silent while the daemon is away; ends with its reader.",
  parameters: { flags: { ...COMMON_FLAGS, ...WAKE_FLAG } },
  async run(context, flags) {
    const { signal, off } = stopSignal(context);
    const query = {
      watcher: watcherName(context),
      ...defined({ wake: flags.wake }),
    };
    const as = chosenIdentity(context, flags);
    try {
      for (;;) {
        const wake = await nextWake(context, flags, {
          ...{ query, waitMs: Infinity, signal },
        });
        if (wake === undefined) return EXIT.done;
        const line = flags.json ? JSON.stringify(wake) : wakeText(wake, as);
        context.stdout.write(`${line}\n`);
      }
    } finally {
      off();
    }
  },
});

function watcherName(context: CliContext): string {
  const bytes = [...context.randomBytes(8)];
  const hex = bytes.map((one) => one.toString(16).padStart(2, "0")).join("");
  return `watch-${hex}`;
}
