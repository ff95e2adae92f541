import { type Clock, systemClock } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import { DIFFICULTY } from "../../lib/protocol/limits.ts";
import { createLogger, type Logger } from "../../lib/log.ts";
import { AdminPort } from "../admin/admin_port.ts";
import { Bans } from "../admin/bans.ts";
import { OperatorActions } from "../admin/operator_actions.ts";
import { type DataDir, openDataDir } from "./data_dir.ts";
import { readAdmission, readLimits, type ReadText } from "./operator_files.ts";
import type { CoreSettings } from "../core/settings.ts";
import { writePrivateFile } from "./private_file.ts";
import { RelayWorkers } from "./relay_workers.ts";
import type { RelayOptions } from "./relay_settings.ts";
import { defined } from "../../lib/defined.ts";

/** What a relay needs of the process that it runs in. */
export interface RelayHost {
  readonly version: string;
  /** Writes one line to standard output. */
  print(line: string): void;
  /** Writes one whole line, its end included, to standard error. */
  log(line: string): void;
  readText: ReadText;
  randomBytes(count: number): Uint8Array;
  /** Calls `action` at each such signal until the returned function is called. */
  onSignal(
    signal: "SIGTERM" | "SIGINT" | "SIGHUP",
    action: () => void,
  ): () => void;
}

/**
 * Runs a relay until SIGTERM or SIGINT: its folder and lock, a worker for sockets and one for the database, who may
 * be admitted (read again at SIGHUP), and the operator's port. Prints one line when it listens.
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
    const bans = await Bans.read(dataDir.bans, {
      readText: host.readText,
      writeWhole: writePrivateFile,
    });
    return await serve({ options, host, clock, log, settings, bans }, dataDir);
  } finally {
    dataDir.release();
  }
}

interface Run {
  readonly options: RelayOptions;
  readonly host: RelayHost;
  readonly clock: Clock;
  readonly log: Logger;
  /** As the files say; the operator's bans come on top. */
  readonly settings: CoreSettings;
  readonly bans: Bans;
}

async function serve(run: Run, { database }: DataDir): Promise<number> {
  const { options, host, clock, log } = run;
  const lists = new AdmissionLists(run);
  const settings = { ...run.settings, ...lists.inForce() };
  const workers = new RelayWorkers({ options, settings, database, clock, log });
  const actions = new OperatorActions({
    bans: run.bans,
    ask: (ask) => workers.ask(ask),
    onBans: () => workers.admit(lists.inForce()),
    log,
  });
  const stopped = Promise.withResolvers<void>();
  const silence = [
    host.onSignal("SIGTERM", stopped.resolve),
    host.onSignal("SIGINT", stopped.resolve),
    host.onSignal("SIGHUP", () => void lists.reload(workers)),
  ];
  let admin: AdminPort | null = null;
  try {
    const started = await Promise.race([workers.start(), stopped.promise]);
    if (started === undefined) return 0;
    admin = await openAdmin(run, actions);
    host.print(listeningLine(run, started));
    await stopped.promise;
    return 0;
  } finally {
    await admin?.stop();
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
    ...defined({ publicUrl }),
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

function openAdmin(run: Run, actions: OperatorActions): Promise<AdminPort> {
  const { options, host, log } = run;
  return AdminPort.open({
    folder: options.dataDir,
    randomBytes: (count) => host.randomBytes(count),
    requestId: () => crypto.randomUUID(),
    run: (act, body, requestId) => actions.run(act, body, requestId),
    log,
  });
}

type Lists = Pick<CoreSettings, "allow" | "deny">;

/** Who is admitted and who is refused: the operator's files, and the bans on top. */
class AdmissionLists {
  readonly #run: Run;
  #files: Lists;

  constructor(run: Run) {
    this.#run = run;
    this.#files = run.settings;
  }

  inForce(): Lists {
    const { allow, deny } = this.#files;
    const refused = new Set([...deny, ...this.#run.bans.ids]);
    return allow === undefined ? { deny: refused } : { deny: refused, allow };
  }

  /** Reads the files again; one that can't be read changes nothing. */
  async reload(workers: RelayWorkers): Promise<void> {
    const { options, host, log } = this.#run;
    try {
      this.#files = await readAdmission(options, host.readText);
      workers.admit(this.inForce());
      log.info("lists read again");
    } catch (thrown) {
      const { message } = Failure.from(thrown);
      log.error("lists not read, the old ones stay", { reason: message });
    }
  }
}
