import { runDaemon } from "../daemon/keeper/run_daemon.ts";
import type { UpFacts } from "../daemon/keeper/running_report.ts";
import {
  daemonDataDir,
  type DaemonFlags,
  parseDaemonSettings,
} from "../daemon/keeper/settings.ts";
import {
  diskSettings,
  settingsForStart,
} from "../lib/agent_settings/settings_file.ts";
import type { ExitCode } from "../lib/errors.ts";
import { cliCommand } from "./cli/cli_command.ts";
import type { CliContext } from "./cli/cli_context.ts";
import { parseDuration } from "./cli/duration.ts";
import { COMMON_FLAGS, readFlag, switchFlag, textFlag } from "./cli/flags.ts";
import { announce } from "./output/answer.ts";
import { logLines } from "./output/log_lines.ts";
import { PROGRAM_VERSION } from "./cli/program_version.ts";
import { wholeNumber } from "./cli/whole_number.ts";

interface Flags extends Omit<DaemonFlags, "queueForMs"> {
  readonly json?: boolean;
  /** Milliseconds. */
  readonly queueFor?: number;
}

export const command = cliCommand<Flags>({
  brief: "Connect to the relay and serve the other commands, until stopped",
  example:
    "agentnet daemon --relay wss://relay.example.org/v1/ws >agentnet.log 2>&1 &",
  help:
    "Connects to the relay and serves the other commands until 'agentnet stop', SIGTERM or SIGINT. To have it in the " +
    "background: agentnet up. It says one line on standard output when it is up; its log goes to standard error.",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      relay: textFlag("url", "The relay, ws:// or wss:// (AGENTNET_RELAY)"),
      name: textFlag(
        "name",
        "Name shown to others (AGENTNET_NAME); the host's without it",
      ),
      proxy: textFlag(
        "url",
        "A proxy for the way to the relay (AGENTNET_PROXY)",
      ),
      buffer: readFlag(
        wholeNumber(1, 1_000_000),
        "n",
        "Messages that the mailbox keeps (1000)",
      ),
      queueFor: readFlag(
        parseDuration,
        "duration",
        "How long a send waits for a connection (10m)",
      ),
      brakes: {
        kind: "enum",
        values: ["on", "off"],
        optional: true,
        brief:
          "Hold back five messages of ours in a row, and twenty a minute (AGENTNET_BRAKES; on)",
      },
      receipts: {
        kind: "enum",
        values: ["shown", "delivered", "off"],
        optional: true,
        brief:
          "What authors who ask for it are told of their messages (AGENTNET_RECEIPTS; shown)",
      },
      takeOver: switchFlag(
        "Take the place of a daemon that an agent program's MCP server holds",
      ),
      logFormat: textFlag("format", "text or json (text)"),
      logLevel: textFlag("level", "debug, info, warn or error (info)"),
    },
  },
  async run(context, { json = false, queueFor, ...flags }) {
    const env = (name: string) => context.env(name);
    const dir = daemonDataDir(flags, env);
    const { settings: remembered, warnings } = await settingsForStart(
      diskSettings(context.clock),
      dir,
    );
    const settings = parseDaemonSettings({
      ...flags,
      ...(json ? { logFormat: flags.logFormat ?? "json" } : {}),
      queueForMs: queueFor,
    }, { env, hostname: () => context.hostname(), remembered });
    const host = { ...daemonHost(context, json), warnings };
    return await runDaemon(settings, host) as ExitCode;
  },
});

function daemonHost(context: CliContext, json: boolean) {
  return {
    version: PROGRAM_VERSION,
    pid: context.pid(),
    heldBy: "daemon" as const,
    env: context.environment,
    print: (line: string, facts: UpFacts) =>
      announce(context, { json }, {
        json: { up: line, ...facts },
        text: () => line,
      }),
    log: logLines(context),
    fetch: (url: string, init: RequestInit) => context.fetch(url, init),
    randomBytes: (count: number) => context.randomBytes(count),
    onSignal: (signal: "SIGTERM" | "SIGINT", action: () => void) =>
      context.onSignal(signal, action),
  };
}
