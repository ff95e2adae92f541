import {
  sandboxed,
  type WorkerLike,
  type WorkerPermissions,
} from "../../lib/sandbox.ts";
import { WorkerSpawner } from "./worker_spawner.ts";
import {
  giveUp,
  hasWholeNet,
  keepAddresses,
  keepPaths,
  type OwnPermissions,
} from "./own_permissions.ts";
import { programFolder } from "./program_folder.ts";

export interface StarterOptions {
  /** What each session worker may do. */
  readonly permissions: WorkerPermissions;
  /** The daemon's folder, absolute; it is there. */
  readonly dataDir: string;
  /** Hosts that this thread goes on to talk to itself, as they were granted; then it keeps a network granted whole. */
  readonly alsoNet: readonly string[];
  /** Files that this thread goes on to read and write, absolute. */
  readonly alsoFiles: readonly string[];
  /** Files that it goes on to read alone, absolute. */
  readonly alsoReads: readonly string[];
  /** Called with the reason when no worker can be started any more. */
  readonly onFailed: (reason: string) => void;
  /** Default: this thread's. */
  readonly own?: OwnPermissions;
  /** Default: real workers. */
  readonly workers?: WorkerSources;
}

/** Where workers come from. */
export interface WorkerSources {
  readonly startSession: (permissions: WorkerPermissions) => WorkerLike;
  readonly openSpawner: (
    permissions: WorkerPermissions,
    onFailed: (reason: string) => void,
  ) => Pick<WorkerSpawner, "start" | "close">;
}

/** Starts session workers, also after the keeper has given away what it can do without. */
export interface SessionStarter {
  start(): WorkerLike;
  /** Narrows this thread for good; to be called once the first session worker is up. */
  giveAway(): Promise<void>;
  /** Ends what it keeps for later starts. */
  close(): void;
}

const REAL: WorkerSources = {
  startSession: (permissions) =>
    new Worker(
      new URL("../worker/session_worker.ts", import.meta.url),
      sandboxed("session", permissions),
    ) as WorkerLike,
  openSpawner: (permissions, onFailed) =>
    WorkerSpawner.open(permissions, onFailed),
};

/**
 * Deno lets nobody start a worker that may do more than himself. A network granted as a list can be narrowed to what
 * a session worker needs, and the keeper goes on starting them. The whole network can only be given away whole: a
 * spawner, opened before, keeps the session's part of it, for 7 MB more memory.
 */
export async function sessionStarter(
  options: StarterOptions,
): Promise<SessionStarter> {
  const { own = Deno.permissions } = options;
  return options.alsoNet.length === 0 && await hasWholeNet(own)
    ? throughSpawner({ ...options, own })
    : directly({ ...options, own });
}

type Options = StarterOptions & { readonly own: OwnPermissions };

function directly(options: Options): SessionStarter {
  const { permissions, own, alsoNet, workers = REAL } = options;
  return {
    start: () => workers.startSession(permissions),
    async giveAway() {
      await keepAddresses(own, permissions.net || [], alsoNet);
      await giveUp(own, "env", "sys");
      await keepFolders(options);
    },
    close() {},
  };
}

function throughSpawner(options: Options): SessionStarter {
  const { permissions, own, onFailed, workers = REAL } = options;
  const spawner = workers.openSpawner(permissions, onFailed);
  let isFirst = true;
  return {
    // The first one directly: a worker that a worker starts needs a second longer.
    start() {
      if (!isFirst) return spawner.start(permissions);
      isFirst = false;
      return workers.startSession(permissions);
    },
    async giveAway() {
      await giveUp(own, "net", "env", "sys");
      await keepFolders(options);
    },
    close: () => spawner.close(),
  };
}

/** Its own files, by either name where a link leads to them, and the program, of which it starts workers. */
async function keepFolders(
  { own, dataDir, alsoFiles, alsoReads }: Options,
): Promise<void> {
  const folders = new Set([dataDir, await Deno.realPath(dataDir)]);
  await keepPaths(own, "read", [
    ...[...folders, programFolder(), ...alsoFiles, ...alsoReads],
  ]);
  await keepPaths(own, "write", [...folders, ...alsoFiles]);
}
