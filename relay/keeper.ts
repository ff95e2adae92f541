import { type Clock, systemClock } from "../lib/clock.ts";
import { Failure } from "../lib/errors.ts";
import { DIFFICULTY } from "../lib/protocol/limits.ts";
import { createLogger, type Logger } from "../lib/log.ts";
import { openDataDir } from "./data_dir.ts";
import { readAdmission, readLimits, type ReadText } from "./operator_files.ts";
import type { CoreSettings } from "./core/settings.ts";
import { RelayWorkers } from "./relay_workers.ts";
import type { RelayOptions } from "./settings.ts";

/** What a relay needs of the process that it runs in. */
export interface RelayHost {
  readonly version: string;
  /** Writes one line to standard output. */
  print(line: string): void;
  /** Writes one whole line, its end included, to standard error. */
  log(line: string): void;
  readText: ReadText;
  /** Calls `action` at each such signal until the returned function is called. */
  onSignal(
    signal: "SIGTERM" | "SIGINT" | "SIGHUP",
    action: () => void,
  ): () => void;
}

/**
 * Runs a relay until SIGTERM or SIGINT: its folder and lock, a worker for sockets and one for the database, and who
 * may be admitted (read again at SIGHUP). Prints one line when it listens.
 *
 * @returns the exit code: 0 after an orderly end, within 5 s of the signal.
 * @throws Failure when it can't start: the data dir, a file, the address, the database.
 */
export async function runRelay(
  options: RelayOptions,
  host: RelayHost,
  clock: Clock = systemClock,
): Promise<number> {
  const log = createLogger({
    format: options.logFormat,
    level: options.logLevel,
    write: (line) => host.log(line),
    wall: () => clock.wall(),
  });
  const settings = await coreSettings(options, host.readText);
  const dataDir = await openDataDir(options.dataDir);
  try {
    return await serve(
      { options, host, clock, log, settings },
      dataDir.database,
    );
  } finally {
    dataDir.release();
  }
}

interface Run {
  readonly options: RelayOptions;
  readonly host: RelayHost;
  readonly clock: Clock;
  readonly log: Logger;
  readonly settings: CoreSettings;
}

async function serve(run: Run, database: string): Promise<number> {
  const { options, host, clock, log, settings } = run;
  const workers = new RelayWorkers({ options, settings, database, clock, log });
  const stopped = Promise.withResolvers<void>();
  const silence = [
    host.onSignal("SIGTERM", stopped.resolve),
    host.onSignal("SIGINT", stopped.resolve),
    host.onSignal("SIGHUP", () => void reload(run, workers)),
  ];
  try {
    const started = await Promise.race([workers.start(), stopped.promise]);
    if (started !== undefined) host.print(listeningLine(run, started));
    await stopped.promise;
    return 0;
  } finally {
    await workers.stop();
    for (const off of silence) off();
  }
}

function listeningLine({ options, host }: Run, port: number): string {
  const name = options.hostname.includes(":")
    ? `[${options.hostname}]`
    : options.hostname;
  return `agentnet relay ${host.version}: listening on ws://${name}:${port}/v1/ws, data ${options.dataDir}`;
}

async function coreSettings(
  options: RelayOptions,
  readText: ReadText,
): Promise<CoreSettings> {
  const { publicUrl } = options;
  return {
    relayName: publicUrl ?? "agentnet",
    ...(publicUrl === undefined ? {} : { publicUrl }),
    requireOrigin: options.requireOrigin,
    history: options.history,
    joinAgeMs: options.joinAgeMs,
    createAgeMs: options.createAgeMs,
    roomIdleMs: options.roomIdleMs,
    roomGraceMs: options.roomGraceMs,
    difficulty: DIFFICULTY,
    limits: await readLimits(options.limits, readText),
    ...await readAdmission(options, readText),
  };
}

/** A list that can't be read changes nothing: the old one stays in force. */
async function reload(run: Run, workers: RelayWorkers): Promise<void> {
  try {
    workers.admit(await readAdmission(run.options, run.host.readText));
    run.log.info("lists read again");
  } catch (thrown) {
    const { message } = Failure.from(thrown);
    run.log.error("lists not read, the old ones stay", { reason: message });
  }
}
