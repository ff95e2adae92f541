import type { DaemonHost } from "../../daemon/keeper/daemon_host.ts";
import { holdDaemon } from "../../daemon/keeper/run_daemon.ts";
import { parseDaemonSettings } from "../../daemon/keeper/settings.ts";
import {
  diskSettings,
  settingsForStart,
} from "../../lib/agent_settings/settings_file.ts";
import { Failure } from "../../lib/errors.ts";
import type { CliContext } from "../cli/cli_context.ts";
import { PROGRAM_VERSION } from "../cli/program_version.ts";
import { DaemonLog } from "./daemon_log.ts";
import type { HoldEnd } from "./daemon_holder.ts";

/** What says which daemon is to run. */
export interface HeldFlags {
  /** Absolute, where it is given. */
  readonly dataDir?: string;
  readonly relay?: string;
  readonly name?: string;
}

/** Where a daemon is held. */
export interface HoldPlace {
  readonly context: CliContext;
  readonly flags: HeldFlags;
  /** The data dir of these flags, absolute. */
  readonly dir: string;
  /** Aborted when this process ends. */
  readonly signal: AbortSignal;
  /** Files of others that this process goes on to use, absolute. */
  readonly alsoUses: readonly string[];
}

/**
 * Runs a daemon in this process, in the service of an agent program's MCP server, with its log in the data dir.
 *
 * @throws {Failure} as `holdDaemon`; RELAY_URL_MISSING.
 */
export async function holdHere(
  place: HoldPlace,
  up: () => void,
): Promise<HoldEnd> {
  const { settings, warnings } = await settingsOf(place);
  using log = new DaemonLog(`${place.dir}/daemon.log`);
  const host = { ...hostOf(place, log), warnings, print: up };
  const held = await holdDaemon(settings, host, place.context.clock);
  return "end" in held ? held.end : "another runs";
}

/** Read anew each time: a relay may have been remembered since. */
async function settingsOf({ context, flags, dir }: HoldPlace) {
  const { settings: remembered, warnings } = await settingsForStart(
    diskSettings(context.clock),
    dir,
  );
  try {
    const settings = parseDaemonSettings(flags, {
      env: (name) => context.env(name),
      hostname: () => context.hostname(),
      remembered,
    });
    return { settings, warnings };
  } catch (thrown) {
    const failure = Failure.from(thrown);
    if (failure.code !== "RELAY_URL_MISSING") throw failure;
    const fix =
      "in a shell: agentnet up --relay wss://…, which is remembered and found from here; " +
      "or set AGENTNET_RELAY in this server's configuration and restart it";
    throw new Failure("RELAY_URL_MISSING", { fields: { fix } });
  }
}

function hostOf(
  { context, signal, alsoUses }: HoldPlace,
  log: DaemonLog,
): Omit<DaemonHost, "print"> {
  return {
    version: PROGRAM_VERSION,
    pid: context.pid(),
    heldBy: "mcp",
    alsoUses,
    env: context.environment,
    log: (lines) => log.write(lines),
    fetch: (url, init) => context.fetch(url, init),
    randomBytes: (count) => context.randomBytes(count),
    onSignal: (_signal, action) => whenAborted(signal, action),
  };
}

function whenAborted(signal: AbortSignal, action: () => void): () => void {
  if (signal.aborted) action();
  signal.addEventListener("abort", action);
  return () => signal.removeEventListener("abort", action);
}
