import { type Clock, systemClock } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import { takeDataDirLock } from "../../lib/host/data_dir_lock.ts";
import { takeLock } from "../../lib/host/lock.ts";
import { LockWatch } from "../../lib/host/lock_watch.ts";
import { diskFiles } from "../../lib/host/private_files.ts";
import { routeThrough } from "../../lib/host/proxy_env.ts";
import type { Status } from "../../lib/local_api/types/status.ts";
import { createLogger, type Logger } from "../../lib/log.ts";
import { mayReach } from "../permissions/own_permissions.ts";
import type { DaemonEnd, DaemonHost } from "./daemon_host.ts";
import { DataDir } from "./data_dir.ts";
import { nextFree } from "./free_port.ts";
import { Keeper } from "./keeper.ts";
import { reportRunning } from "./running_report.ts";
import { RuntimeFiles } from "./runtime_files.ts";
import { lockOrRunning } from "./second_start.ts";
import type { DaemonSettings } from "./settings.ts";

/** How a daemon ended, or the one that has its data dir. */
export type HeldOrRunning =
  | { readonly end: DaemonEnd }
  | { readonly running: Status };

/**
 * Runs a daemon until it is told to stop. Prints one line when its local API listens. On a data dir that another
 * daemon holds it says so instead.
 *
 * @returns the exit code, 0: after an orderly end within 2 s of a signal, or when a healthy daemon runs already.
 * @throws {Failure} when it can't start, a daemon that runs does not answer, or its workers can't go on.
 */
export async function runDaemon(
  settings: DaemonSettings,
  host: DaemonHost,
): Promise<number> {
  const held = await holdDaemon(settings, host);
  return "running" in held ? reportRunning(settings, host, held.running) : 0;
}

/**
 * Runs a daemon in this process until it is told to stop, hands over or the process is to end; or tells which one
 * has its data dir. May be called again when it has returned: what this thread gave away stays so.
 *
 * @throws {Failure} as {@link runDaemon}.
 */
export async function holdDaemon(
  settings: DaemonSettings,
  host: DaemonHost,
  clock: Clock = systemClock,
): Promise<HeldOrRunning> {
  routeThrough(host.env, settings.proxy);
  const dir = new DataDir(settings.dataDir);
  const warnings = [...host.warnings ?? [], ...await dir.make()];
  const found = await lockOrRunning({
    dir,
    clock,
    takeLock: () => takeDataDirLock({ lock: dir.lock, folder: dir.state }),
    takesOver: ({ held_by }) => settings.takeOver && held_by === "mcp",
    fetch: host.fetch,
    readTextFile: (path) => Deno.readTextFile(path),
  });
  if ("running" in found) return found;
  const log = createLogger({
    format: settings.logFormat,
    level: settings.logLevel,
    write: (line) => host.log(line),
    wall: () => clock.wall(),
  });
  const files = new RuntimeFiles(dir, diskFiles);
  const api = settings.isAnyPort ? nextFree(settings.api) : settings.api;
  const keeper = new Keeper({
    settings: { ...settings, api },
    ...{ host, clock, log, dir, files },
  });
  const lock = new LockWatch({
    ...{ lock: found.lock.file, clock, log },
    take: () => takeLock(dir.lock),
    restore: () => files.restore(),
    lost: (failure) => keeper.fail(failure),
  });
  try {
    await checkGranted(settings);
    const end = await keeper.run(warnings);
    if (isWanted(end, host)) await noted(files.markStopped(), log);
    if (end === "handed over") {
      await noted(files.markHandedOver(clock.wall()), log);
    }
    return { end };
  } finally {
    await lock.stop();
    await files.remove();
    found.lock.releaseFolder();
    lock.release();
  }
}

/**
 * The shell around the program reads which relay it may reach, and knows nothing of the settings (scripts/rights.sh).
 *
 * @throws {Failure} RELAY_NOT_GRANTED, rather than a worker that is denied what it is started with.
 */
async function checkGranted(
  { relay, dataDir: dir }: DaemonSettings,
): Promise<void> {
  for (const { hostPort, href } of relay.all) {
    if (await mayReach(Deno.permissions, hostPort)) continue;
    const fields = { relay: href, dir };
    throw new Failure("RELAY_NOT_GRANTED", { fields });
  }
}

/** Where it can't be, an agent program's MCP server may take the place, or a command finds none that takes over. */
async function noted(note: Promise<void>, log: Logger): Promise<void> {
  try {
    await note;
  } catch (thrown) {
    const reason = Failure.from(thrown).message;
    log.warn("how the daemon ended is not noted", { reason });
  }
}

/** Whether somebody wants that no daemon runs; the end of an agent program says nothing of that. */
function isWanted(end: DaemonEnd, { heldBy }: DaemonHost): boolean {
  return end === "stopped" || end === "signal" && heldBy === "daemon";
}
