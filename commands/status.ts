import { EXIT, type ExitCode, Failure } from "../lib/errors.ts";
import type { Status } from "../lib/local_api/types/status.ts";
import { cliCommand } from "./cli/cli_command.ts";
import type { CliContext } from "./cli/cli_context.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { COMMON_FLAGS, switchFlag } from "./cli/flags.ts";
import { type BoundFlags, MAX_BYTES_FLAG } from "./cli/max_bytes.ts";
import { answerLines } from "./output/bounded.ts";
import { statusLines } from "../lib/rendering/status_text.ts";
import { defined } from "../lib/defined.ts";

interface Flags extends BoundFlags {
  readonly check?: boolean;
}

export const command = cliCommand<Flags>({
  brief: "Show how the connection stands",
  example: "agentnet status --check",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      ...MAX_BYTES_FLAG,
      check: switchFlag(
        "Say it by exit code alone: 0 connected, 5 not, 3 no daemon",
      ),
    },
  },
  async run(context, flags) {
    if (flags.check && !flags.json) return await check(context, flags);
    const status = await (await daemonApi(context, flags)).status();
    if (flags.check && !status.connected) throw notConnected(context, status);
    answerLines(context, flags, {
      json: status,
      lines: statusLines(status, context.clock.wall()),
      all: "agentnet status --max-bytes 0",
    });
    return EXIT.done;
  },
});

/** Silent for each of the three codes that it may end with; anything else is told. */
async function check(context: CliContext, flags: Flags): Promise<ExitCode> {
  try {
    const status = await (await daemonApi(context, flags)).status();
    return status.connected ? EXIT.done : EXIT.notYet;
  } catch (thrown) {
    const { exitCode } = Failure.from(thrown);
    if (exitCode === EXIT.noDaemon) return exitCode;
    throw thrown;
  }
}

function notConnected(
  context: { clock: { wall(): number } },
  { reason, retry_at }: Status,
): Failure {
  const left = retry_at === undefined
    ? undefined
    : Math.max(0, retry_at - context.clock.wall());
  return new Failure("NOT_CONNECTED", {
    fields: { reason },
    ...defined({ retryAfterMs: left }),
  });
}
