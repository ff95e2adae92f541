import { tryWake } from "../lib/conversation/wake_trial.ts";
import { EXIT } from "../lib/errors.ts";
import { wakeTrialText } from "./output/wake_trial_text.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { parseWait } from "./cli/duration.ts";
import { COMMON_FLAGS, type CommonFlags, readFlag, word } from "./cli/flags.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { answer } from "./output/answer.ts";

interface Flags extends CommonFlags {
  readonly timeout?: number;
}

const DEFAULT_TIMEOUT_MS = 30_000;

export const command = cliCommand<Flags, [name: string]>({
  brief: "Call an agent, and show how far the wake came",
  example: "agentnet wake-test ben",
  help:
    "Looks whether the agent is connected and can be woken; if so, calls it by @ in a room that both are in, and waits until its program has woken it. Exit code 0 when it was woken, else 6 with how far it came.",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      timeout: readFlag(parseWait, "30s", "Wait at most so long (30s)"),
    },
    positional: {
      kind: "tuple",
      parameters: [word("name", "The agent's name, or the start of its key")],
    },
  },
  async run(context, flags, who) {
    const { timeout: timeoutMs = DEFAULT_TIMEOUT_MS } = flags;
    const api = await daemonApi(context, flags);
    const trial = await tryWake(context.clock, api, { who, timeoutMs });
    answer(context, flags, {
      json: trial,
      text: () => wakeTrialText(trial, context.clock.wall()),
    });
    return trial.stage === "woken" ? EXIT.done : EXIT.nothingCame;
  },
});
