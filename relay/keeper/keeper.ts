import type { AdminClientOptions } from "../../lib/admin_api/client.ts";
import { type Clock, systemClock } from "../../lib/clock.ts";
import type { Failure } from "../../lib/errors.ts";
import { diskFiles, writeDurably } from "../../lib/host/private_files.ts";
import { readPrivate } from "../../lib/host/private_reading.ts";
import { readWithMode } from "../../lib/host/secret_reading.ts";
import { DIFFICULTY } from "../../lib/protocol/limits.ts";
import { createLogger, type LineLoss, type Logger } from "../../lib/log.ts";
import { AdminPort } from "../admin/admin_port.ts";
import { Bans } from "../admin/bans.ts";
import { OwnBans, SharedBans } from "../admin/ban_keeping.ts";
import type { AskSockets } from "../admin/ask_sockets.ts";
import { OperatorActions } from "../admin/operator_actions.ts";
import { AdmissionLists } from "./admission_lists.ts";
import { clusterSettings } from "./cluster_files.ts";
import type { DataDir } from "./data_dir.ts";
import { type HeldDataDir, holdDataDir } from "./held_data_dir.ts";
import { ListenerWatch } from "./listener_watch.ts";
import { countSpare, ownCall } from "./own_call.ts";
import { listenText } from "./listen_address.ts";
import type { ReadText } from "./named_file.ts";
import { readAdmission, readLimits } from "./operator_files.ts";
import { startWarnings } from "./start_warnings.ts";
import { socketsWithin } from "../shell/descriptors.ts";
import { BOUNDS, type CoreSettings } from "../core/settings.ts";
import { RelayWorkers } from "./relay_workers.ts";
import { removeCopies } from "./view_copy_files.ts";
import type { RelayOptions } from "./relay_settings.ts";
import type { Cluster } from "./shared_log.ts";
import { defined } from "../../lib/defined.ts";
import { isThere } from "../../lib/host/is_there.ts";

/** What a relay needs of the process that it runs in. */
export interface RelayHost {
  readonly version: string;
  /** Tells on standard output that it listens: a line, and the address that agents dial. */
  print(line: string, url: string): void;
  /** Writes whole lines, their ends included, to standard error. Never throws. */
  log(lines: string): LineLoss | void;
  readText: ReadText;
  /** The process's limit of open files, as the shell that started it told it; undefined when none did. */
  readonly openFiles: string | undefined;
  /** Asks whoever is found by the files of the data dir, on this host. */
  readonly fetch: AdminClientOptions["fetch"];
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
 * @throws Failure when it can't start (the data dir, a file, the address, the database), another relay has taken
 *   its data dir, or the database is damaged.
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
  const cluster = await readCluster(options, host.readText);
  const stopped = Promise.withResolvers<void>();
  const held = await holdDataDir({
    path: options.dataDir,
    clock,
    log,
    fetch: host.fetch,
    readText: host.readText,
    lost: (failure: Failure) => stopped.reject(failure),
  });
  try {
    const bans = await readBans(held.dir, log);
    return await serve(
      { options, host, clock, log, settings, cluster, bans, held, stopped },
    );
  } finally {
    await held.release();
  }
}

async function readCluster(
  { cluster, retainMs }: RelayOptions,
  readText: ReadText,
): Promise<Cluster | null> {
  if (cluster === null) return null;
  const reads = { readText, readWithMode };
  const settings = await clusterSettings(cluster, retainMs, reads);
  return { node: cluster.node, settings };
}

function readBans({ bans }: DataDir, log: Logger): Promise<Bans> {
  return Bans.read(bans, {
    readText: async (path) => {
      const { text, warnings } = await readPrivate(diskFiles, path);
      for (const warning of warnings) log.warn(warning);
      return text;
    },
    writeWhole: (path, text) => writeDurably(diskFiles, { path, text }),
  });
}

interface Run {
  readonly options: RelayOptions;
  readonly host: RelayHost;
  readonly clock: Clock;
  readonly log: Logger;
  /** As the files say; the operator's bans come on top. */
  readonly settings: CoreSettings;
  /** Null for a relay by itself. */
  readonly cluster: Cluster | null;
  readonly bans: Bans;
  readonly held: HeldDataDir;
  /** Resolved by a signal; rejected when the data dir, what is in it, or the sockets are lost. */
  readonly stopped: PromiseWithResolvers<void>;
}

async function serve(run: Run): Promise<number> {
  const { options, host, clock, log, bans, stopped } = run;
  const { dir } = run.held;
  const { cluster } = run;
  const database = cluster === null ? dir.database : dir.view;
  if (cluster !== null) await removeCopies(dir.view);
  const { readText } = host;
  const mostSockets = socketsWithin(host.openFiles);
  const lists = new AdmissionLists(
    { options, readText, log, files: run.settings, bans },
  );
  const settings = { ...run.settings, ...lists.inForce() };
  let isCrowded = false;
  const workers = new RelayWorkers({
    ...{ options, settings, database, cluster, mostSockets, clock, log },
    files: { folder: dir.blobs, hasFiles: await isThere(dir.blobs) },
    version: host.version,
    crowded: (now) => isCrowded = now,
    lost: stopped.reject,
  });
  const ask: AskSockets = (ask) => workers.ask(ask);
  const own = new OwnBans(bans, ask, () => workers.admit(lists.inForce()));
  const actions = new OperatorActions({
    version: host.version,
    ...{ bans, ask, log },
    keeping: cluster === null ? own : new SharedBans(own, ask, clock),
    isShared: cluster !== null,
  });
  const silence = [
    host.onSignal("SIGTERM", stopped.resolve),
    host.onSignal("SIGINT", stopped.resolve),
    host.onSignal(
      "SIGHUP",
      () => void lists.reload((now) => workers.admit(now)),
    ),
  ];
  let admin: AdminPort | null = null;
  let watch: ListenerWatch | null = null;
  try {
    // Before all else: a relay of a cluster may have long to catch up.
    admin = await openAdmin(run, actions);
    const started = await Promise.race([workers.start(), stopped.promise]);
    if (started === undefined) return 0;
    for (const { event, fix } of startWarnings(options)) {
      log.warn(event, { fix });
    }
    watch = watchListener(run, workers, {
      port: started,
      isCrowded: () => isCrowded,
    });
    const url = `ws://${
      listenText({ hostname: options.hostname, port: started })
    }/v1/ws`;
    host.print(
      `agentnet relay ${host.version}: listening on ${url}, data ${options.dataDir}`,
      options.publicUrl ?? url,
    );
    warnOfDescriptors(mostSockets, log);
    await stopped.promise;
    return 0;
  } finally {
    watch?.stop();
    try {
      await admin?.stop();
    } finally {
      await workers.stop();
      for (const off of silence) off();
    }
  }
}

function watchListener(
  { options: { hostname }, host, clock, log }: Run,
  workers: RelayWorkers,
  { port, isCrowded }: {
    readonly port: number;
    readonly isCrowded: () => boolean;
  },
): ListenerWatch {
  const isLimitKnown = Number.isFinite(socketsWithin(host.openFiles));
  const watch = new ListenerWatch({
    call: ownCall({ address: { hostname, port }, clock, isLimitKnown }),
    isCrowded,
    unheard: () => workers.tellListener({ kind: "unheard" }),
    fewDescriptors: (descriptors) =>
      workers.tellListener({ kind: "spare", descriptors }),
    descriptorsAgain: () =>
      workers.tellListener({
        kind: "spare_again",
        descriptors: isLimitKnown ? null : countSpare(),
      }),
    accepted: () =>
      workers.ask({ kind: "stats" }).then(
        ({ accepted = NaN }) => accepted,
        () => NaN,
      ),
    deaf: () => workers.deaf(),
    clock,
    log,
  });
  watch.start();
  return watch;
}

/** A relay takes as many connections as it promises only where it may open as many files. */
function warnOfDescriptors(most: number, log: Logger): void {
  if (most >= BOUNDS.connections) return;
  log.warn(
    `the limit of open files allows ${most} connections rather than ${BOUNDS.connections}; raise it with ulimit -n`,
  );
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
    direct: options.direct,
    blobs: options.blobs,
    joinAgeMs: options.joinAgeMs,
    createAgeMs: options.createAgeMs,
    roomIdleMs: options.roomIdleMs,
    roomEmptyMs: options.roomEmptyMs,
    roomGraceMs: options.roomGraceMs,
    difficulty: DIFFICULTY,
    limits: await readLimits(options.limits, readText),
    ...await readAdmission(options, readText),
  };
}

function openAdmin(run: Run, actions: OperatorActions): Promise<AdminPort> {
  const { host, log, clock, held: { dir, files } } = run;
  return AdminPort.open({
    files,
    paths: { address: dir.adminAddress, token: dir.adminToken },
    randomBytes: (count) => host.randomBytes(count),
    requestId: () => crypto.randomUUID(),
    run: (act, body, requestId) => actions.run(act, body, requestId),
    log,
    clock,
  });
}
