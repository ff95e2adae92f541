import { EXIT } from "../lib/errors.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { parseWait } from "./cli/duration.ts";
import { COMMON_FLAGS, type CommonFlags, readFlag } from "./cli/flags.ts";
import { untilReady } from "./daemon_access/until_ready.ts";
import { answerLines } from "./output/bounded.ts";
import { statusLines } from "../lib/rendering/status_text.ts";

interface Flags extends CommonFlags {
  readonly timeout?: number;
}

const DEFAULT_TIMEOUT_MS = 30_000;

export const command = cliCommand<Flags>({
  brief: "Wait until the daemon is connected and its rooms are joined",
  example: "agentnet wait-ready --timeout 30s",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      timeout: readFlag(parseWait, "30s", "Wait at most so long (30s)"),
    },
  },
  async run(context, flags) {
    const { timeout: timeoutMs = DEFAULT_TIMEOUT_MS } = flags;
    const status = await untilReady(context, flags, { timeoutMs });
    answerLines(context, flags, {
      json: status,
      lines: statusLines(status, context.clock.wall()),
      all: "agentnet status --max-bytes 0",
    });
    return EXIT.done;
  },
});
