import type { Clock } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import { apiAddressText } from "../../lib/local_api/address.ts";
import type { Logger } from "../../lib/log.ts";
import { encodeBase58 } from "../../lib/protocol/base58.ts";
import { hrefs } from "../../lib/client/relay_list.ts";
import type { WorkerLike, WorkerPermissions } from "../../lib/sandbox.ts";
import { SessionSupervisor } from "./session_supervisor.ts";
import type { DaemonEnd, DaemonHost } from "./daemon_host.ts";
import type { DataDir } from "./data_dir.ts";
import { KeyDesk } from "./key_desk.ts";
import { type LoadedKey, loadOrMakeKey } from "./key_file.ts";
import { catchUncaughtErrors } from "./uncaught_errors.ts";
import { defined } from "../../lib/defined.ts";
import { diskFiles } from "../../lib/host/private_files.ts";
import { proxyBefore } from "../../lib/host/proxy_env.ts";
import type { RuntimeFiles } from "./runtime_files.ts";
import { LOOPBACK } from "../permissions/own_permissions.ts";
import { sessionStarter } from "../permissions/session_starter.ts";
import type { DaemonSettings } from "./settings.ts";
import { Signer } from "./signer.ts";
import { SolverWorkers } from "./solver_workers.ts";
import type { WakePost } from "../wake_posts/wake_post.ts";
import { readTargets, targetAddress, tokenFiles } from "./wake_targets.ts";

/** The session worker is started anew past so many bytes over its resting memory. */
const MEMORY_OVER_RESTING = 100 * 1024 * 1024;
const MOST_SOLVERS = 4;

export interface KeeperOptions {
  readonly settings: DaemonSettings;
  readonly host: DaemonHost;
  readonly clock: Clock;
  readonly log: Logger;
  readonly dir: DataDir;
  readonly files: RuntimeFiles;
}

/** What was found of the data dir and its settings. */
interface Found {
  readonly key: LoadedKey;
  readonly warnings: readonly string[];
  readonly posts: readonly WakePost[];
}

/** The main thread of a daemon, under the lock: it alone has the key, and touches nothing from outside. */
export class Keeper {
  readonly #options: KeeperOptions;
  readonly #stopped = Promise.withResolvers<DaemonEnd>();
  readonly #token: string;
  /** The files that tell where the API is, being written one after the other. */
  #announced: Promise<void> = Promise.resolve();
  #hasPrinted = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#token = encodeBase58(options.host.randomBytes(32));
  }

  /** It can't go on: `run` rejects with this. */
  fail(failure: Failure): void {
    this.#stopped.reject(failure);
  }

  /** @returns why it ended. */
  async run(dirWarnings: readonly string[]): Promise<DaemonEnd> {
    const { host, log } = this.#options;
    const stop = () => this.#stopped.resolve("signal");
    const silence = [
      host.onSignal("SIGTERM", stop),
      host.onSignal("SIGINT", stop),
      catchUncaughtErrors(globalThis, log),
    ];
    try {
      return await this.#prepare(dirWarnings);
    } finally {
      for (const off of silence) off();
    }
  }

  async #prepare(dirWarnings: readonly string[]): Promise<DaemonEnd> {
    const { host, dir, files, settings } = this.#options;
    await files.claim(host.pid);
    const key = await loadOrMakeKey({
      path: dir.key,
      files: diskFiles,
      randomBytes: (count) => host.randomBytes(count),
    });
    const { posts, warnings: targetWarnings } = await readTargets(
      settings.wakeTargets,
      { files: diskFiles },
    );
    const warnings = [
      ...dirWarnings,
      ...await dir.makeState(),
      ...key.warnings,
      ...this.#relayWarnings(),
      ...targetWarnings,
    ];
    for (const warning of warnings) this.#options.log.warn(warning);
    return await this.#serve({ key, warnings, posts });
  }

  async #serve(found: Found): Promise<DaemonEnd> {
    const { host, dir, settings } = this.#options;
    // A daemon that this process held and gave up may be started here again.
    const mayHoldAgain = host.heldBy === "mcp";
    const starter = await sessionStarter({
      permissions: this.#permissions(found.posts),
      dataDir: dir.path,
      alsoNet: mayHoldAgain ? LOOPBACK : [],
      alsoFiles: host.alsoUses ?? [],
      alsoReads: mayHoldAgain ? tokenFiles(settings.wakeTargets) : [],
      onFailed: (reason) =>
        this.#stopped.reject(new Failure("INTERNAL", { fields: { reason } })),
    });
    const start = () => starter.start();
    const workers = this.#makeWorkers({ ...found, start });
    try {
      await Promise.race([workers.start(), this.#stopped.promise]);
      await starter.giveAway();
      return await this.#stopped.promise;
    } finally {
      await workers.stop();
      starter.close();
      await this.#announced;
    }
  }

  #makeWorkers(
    { key, warnings, posts, start }: Found & {
      readonly start: () => WorkerLike;
    },
  ): SessionSupervisor {
    const { settings, host, clock, log, dir } = this.#options;
    const { relay, name, api, isAnyPort } = settings;
    const { buffer, queueForMs, brakes, receipts, wake } = settings;
    const { identity } = key;
    const relayUrls = hrefs(relay);
    return new SessionSupervisor({
      session: {
        settings: {
          relayUrls,
          agentId: identity.id,
          agentName: name,
          version: host.version,
          ...{ buffer, queueForMs, brakes, receipts, wake },
        },
        ...defined({ proxy: proxyBefore(host.env, relay.all[0].hostname) }),
        api,
        isAnyPort,
        token: this.#token,
        databasePath: dir.database,
        filesPath: dir.files,
        pid: host.pid,
        heldBy: host.heldBy,
        startedAt: clock.wall(),
        warnings,
        posts,
      },
      start,
      signer: new Signer({
        id: identity.id,
        name,
        sign: identity.sign,
        relayUrls,
        clock,
      }),
      keys: new KeyDesk({
        id: identity.id,
        sign: identity.sign,
        agreementSecret: () => identity.agreementSecret(),
        files: diskFiles,
        path: dir.roomKeys,
        randomBytes: (count) => host.randomBytes(count),
      }, clock),
      solvers: new SolverWorkers({
        count: Math.min(navigator.hardwareConcurrency, MOST_SOLVERS),
        clock,
        log,
      }),
      clock,
      log,
      memory: {
        read: () => Deno.memoryUsage().rss,
        overRestingBytes: MEMORY_OVER_RESTING,
      },
      onListening: (port) => {
        const announce = () => this.#announce(port, identity.id);
        this.#announced = this.#announced.then(announce);
      },
      onEndWanted: (end) => this.#stopped.resolve(end),
      onGivenUp: (failure) => this.fail(failure),
    });
  }

  /**
   * What the session worker may do (docs/architecture.md, "The sandbox"): the relay, the API's address, those of
   * programs that it posts wakes to, its folder.
   */
  #permissions(posts: readonly WakePost[]): WorkerPermissions {
    const { settings: { relay, api }, dir } = this.#options;
    const anyFreePort = apiAddressText({ ...api, port: 0 });
    return {
      net: [
        ...relay.all.map(({ hostPort }) => hostPort),
        ...[apiAddressText(api), anyFreePort],
        ...posts.map(targetAddress),
      ],
      read: [dir.state],
      write: [dir.state],
      env: false,
    };
  }

  async #announce(port: number, id: string): Promise<void> {
    const { settings, host, files, dir } = this.#options;
    const address = apiAddressText({ ...settings.api, port });
    try {
      await files.announce({ token: this.#token, address });
    } catch (error) {
      return this.#stopped.reject(error);
    }
    if (this.#hasPrinted) return;
    this.#hasPrinted = true;
    const relay = settings.relay.href;
    const api = `http://${address}`;
    host.print(
      `agentnet daemon ${host.version}: agent ${id} (${settings.name}), relay ${relay}, API ${api}, data ${dir.path}`,
      {
        ...{ already_running: false, pid: host.pid, agent_id: id },
        ...{ relay, api, data_dir: dir.path },
      },
    );
  }

  #relayWarnings(): string[] {
    const { all } = this.#options.settings.relay;
    return all.some(({ isOpenOnTheWay }) => isOpenOnTheWay)
      ? [
        "the relay's address is ws://: everybody on the way can read what is said; use wss://",
      ]
      : [];
  }
}
