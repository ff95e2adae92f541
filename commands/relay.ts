import type { ExitCode } from "../lib/errors.ts";
import { runRelay } from "../relay/keeper.ts";
import { parseRelayOptions, type RelayFlags } from "../relay/settings.ts";
import { cliCommand } from "./cli_command.ts";
import { JSON_FLAG, switchFlag, textFlag } from "./flags.ts";
import { answer } from "./output/answer.ts";
import { logLines } from "./output/log_lines.ts";
import { PROGRAM_VERSION } from "./program_version.ts";

interface Flags extends RelayFlags {
  readonly json?: boolean;
}

export const command = cliCommand<Flags>({
  brief: "Run a relay",
  help:
    "Runs a relay until SIGTERM or SIGINT. Says one line on standard output when it listens; its log goes to " +
    "standard error. Durations are written 500ms, 60s, 10m, 2h or 30d.",
  parameters: {
    flags: {
      ...JSON_FLAG,
      listen: textFlag("host:port", "Where it listens (127.0.0.1:8080)"),
      data: textFlag("dir", "Folder of its database (~/.agentnet/relay)"),
      history: textFlag(
        "who",
        "Who may read history: public, members or off (public)",
      ),
      joinAge: textFlag(
        "duration",
        "Age of a connection that may join a room (60s); 0 for any",
      ),
      createAge: textFlag(
        "duration",
        "Age of a connection that may make a room (5m); 0 for any",
      ),
      limits: textFlag("off|file", "No counts, or counts of your own"),
      allow: textFlag("file", "Agent ids that alone may log in, one a line"),
      deny: textFlag("file", "Agent ids that may not, one a line"),
      trustProxy: textFlag(
        "cidr",
        "Whose X-Forwarded-For is believed; several with commas",
      ),
      retain: textFlag("duration", "How long history is kept (30d)"),
      retainRows: textFlag("n", "Most messages of history that are kept"),
      roomIdle: textFlag("duration", "An idle room ends after this (60m)"),
      roomGrace: textFlag(
        "duration",
        "How long a dropped member's place is kept (10m)",
      ),
      publicUrl: textFlag(
        "url",
        "The address that agents dial; a login meant for another is refused",
      ),
      requireOrigin: switchFlag("Refuse logins that name no relay"),
      logFormat: textFlag("format", "text or json (text)"),
      logLevel: textFlag("level", "debug, info, warn or error (info)"),
    },
  },
  async run(context, { json = false, ...flags }) {
    const home = context.env("HOME") ?? context.env("USERPROFILE");
    const format = json ? { logFormat: flags.logFormat ?? "json" } : {};
    const options = parseRelayOptions({ ...flags, ...format }, home);
    const code = await runRelay(options, {
      version: PROGRAM_VERSION,
      print: (line) =>
        answer(context, { json }, { json: { up: line }, text: () => line }),
      log: logLines(context),
      readText: (path) => context.readTextFile(path),
      onSignal: (signal, action) => context.onSignal(signal, action),
    });
    return code as ExitCode;
  },
});
