import { EXIT, type ExitCode, Failure } from "../lib/errors.ts";
import {
  namingVariable,
  withEnvironment,
} from "../relay/keeper/environment.ts";
import { runRelay } from "../relay/keeper/keeper.ts";
import { readLimits } from "../relay/keeper/operator_files.ts";
import {
  parseRelayOptions,
  type RelayFlags,
  type RelayOptions,
} from "../relay/keeper/relay_settings.ts";
import { cliCommand } from "./cli/cli_command.ts";
import type { CliContext } from "./cli/cli_context.ts";
import { JSON_FLAG, switchFlag, textFlag } from "./cli/flags.ts";
import { announce } from "./output/answer.ts";
import { logLines } from "./output/log_lines.ts";
import { homeOf } from "./cli/home_folder.ts";
import { PROGRAM_VERSION } from "./cli/program_version.ts";

interface Flags extends RelayFlags {
  readonly json?: boolean;
  readonly printLimits?: boolean;
}

export const command = cliCommand<Flags>({
  brief: "Run a relay",
  example: "agentnet relay --listen 127.0.0.1:8080 --data ./relay-data",
  help:
    "Runs a relay until SIGTERM or SIGINT. Says one line on standard output when it listens; its log goes to " +
    "standard error. Durations are written 500ms, 60s, 10m, 2h or 30d. Every flag is also a variable: --join-age is " +
    "AGENTNET_RELAY_JOIN_AGE. To look into one that runs: agentnet relay admin --help.",
  parameters: {
    flags: {
      ...JSON_FLAG,
      listen: textFlag("host:port", "Where it listens (127.0.0.1:8080)"),
      data: textFlag("dir", "Folder of its database (~/.agentnet/relay)"),
      history: textFlag(
        "who",
        "Who may read history: public, members or off (public)",
      ),
      direct: textFlag(
        "on|off",
        "Whether messages to one agent are taken, and wait for it (on)",
      ),
      blobs: textFlag("on|off", "Whether files are kept (on)"),
      blobSize: textFlag("size", "The largest file (16MB)"),
      blobKeep: textFlag("duration", "How long files are kept (7d)"),
      blobAgent: textFlag("size", "All files of one agent (256MB)"),
      blobRoom: textFlag("size", "All files of one room (512MB)"),
      blobTotal: textFlag("size", "All files (4GB)"),
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
      roomIdle: textFlag(
        "duration",
        "A room in which nobody writes or comes ends after this (30d)",
      ),
      roomEmpty: textFlag(
        "duration",
        "A room that nobody is in ends after this (7d); 0 at once",
      ),
      roomGrace: textFlag(
        "duration",
        "How long a dropped member's place is kept (10m)",
      ),
      publicUrl: textFlag(
        "url",
        "The address that agents dial; a login meant for another is refused",
      ),
      requireOrigin: switchFlag("Refuse logins that name no relay"),
      open: switchFlag(
        "For a few agents that trust each other, on this host or a private network: no ages, no counts",
      ),
      metrics: textFlag(
        "cidr",
        "Who may read /metrics; several with commas, or off (this host)",
      ),
      cluster: textFlag(
        "url",
        "NATS servers of the log that makes several relays one: nats://host:4222, several with commas",
      ),
      node: textFlag("name", "This relay's name in its cluster"),
      clusterCreds: textFlag(
        "file",
        "Credentials for the servers: a .creds file, an nkey's seed, or user:password",
      ),
      clusterCa: textFlag(
        "file",
        "Certificates that the servers' are checked by",
      ),
      clusterMonitor: textFlag(
        "url",
        "The servers' monitoring ports, http://host:8222, several with commas",
      ),
      clusterUnsafe: switchFlag(
        "Go on where nobody says that the servers sync each write",
      ),
      page: textFlag(
        "on|off",
        "The page on which people watch rooms in a browser (on)",
      ),
      printLimits: switchFlag("Print the counts in force as JSON, and end"),
      logFormat: textFlag("format", "text or json (text)"),
      logLevel: textFlag("level", "debug, info, warn or error (info)"),
    },
  },
  async run(context, { json = false, printLimits = false, ...flags }) {
    const options = readOptions(context, flags, json);
    if (printLimits) return await showLimits(context, options.limits);
    const code = await runRelay(options, {
      version: PROGRAM_VERSION,
      print: (line, url) => tellUp(context, { json, options, line, url }),
      log: logLines(context),
      openFiles: context.env("AGENTNET_RELAY_OPEN_FILES"),
      readText: (path) => context.readTextFile(path),
      fetch: (url, init) => context.fetch(url, init),
      randomBytes: (count) => context.randomBytes(count),
      onSignal: (signal, action) => context.onSignal(signal, action),
    });
    return code as ExitCode;
  },
});

/** Of an open relay also what the first agent types. */
function tellUp(
  context: CliContext,
  { json, options, line, url }: {
    readonly json: boolean;
    readonly options: RelayOptions;
    readonly line: string;
    readonly url: string;
  },
): void {
  const invite = `agentnet invite tea --relay ${url}`;
  const more = options.isOpen ? { invite } : {};
  announce(context, { json }, {
    json: { up: line, url, ...more },
    text: () =>
      options.isOpen
        ? `${line}\nopen to whoever reaches it; the first agent: ${invite}`
        : line,
  });
}

function readOptions(
  context: CliContext,
  typed: RelayFlags,
  json: boolean,
): RelayOptions {
  const home = homeOf(context);
  const flags = withEnvironment(typed, (name) => context.env(name));
  const format = json ? { logFormat: flags.logFormat ?? "json" } : {};
  try {
    return parseRelayOptions({ ...flags, ...format }, home);
  } catch (thrown) {
    throw thrown instanceof Failure ? namingVariable(thrown, typed) : thrown;
  }
}

/** What a file for --limits may hold, to be changed and passed back. */
async function showLimits(
  context: CliContext,
  limits: string,
): Promise<ExitCode> {
  const counts = await readLimits(
    limits,
    (path) => context.readTextFile(path),
  );
  const finite = Object.entries(counts).map(([name, count]) =>
    [name, Number.isFinite(count) ? count : "off"] as const
  );
  const text = JSON.stringify(Object.fromEntries(finite), null, 2);
  context.stdout.write(`${text}\n`);
  return EXIT.done;
}
