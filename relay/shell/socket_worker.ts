import { randomBytes } from "node:crypto";
import { sleep, systemClock } from "../../lib/clock.ts";
import { serveKeeper, type WorkerScope } from "../../lib/sandbox_worker.ts";
import { RelayCore } from "../core/core.ts";
import type { ClusterEffect, Effect } from "../core/events.ts";
import type { CoreSettings } from "../core/settings.ts";
import type { FromSocketWorker, ToSocketWorker } from "./worker_messages.ts";
import type { OperatorAsk } from "../core/operator_ask.ts";
import { workerLogger } from "../../lib/worker_log.ts";
import { LogClient } from "./log_client.ts";
import { CheckPool } from "./checks/check_pool.ts";
import { RelayServer } from "./relay_server.ts";
import type { StoreReady } from "../store/contract.ts";
import { StoreClient } from "../store/store_client.ts";

type Init = Extract<ToSocketWorker, { type: "init" }>;

const scope = self as unknown as WorkerScope;
const tell = (message: FromSocketWorker) => scope.postMessage(message);
const log = workerLogger(tell);

/** Between two tries at an address that is in use. */
const LISTEN_AGAIN_MS = 200;

/** The relay's sockets and rules, in a worker that may listen on one address and touch nothing else. */
class SocketWorker {
  #core: RelayCore | null = null;
  #server: RelayServer | null = null;
  readonly #log = new LogClient((said) =>
    this.#server?.logSaid({ kind: "log", said })
  );
  readonly #store = new StoreClient({
    onReady: (ready) => this.#ready(ready),
    onAnswers: (answers) => this.#server?.answered(answers),
    onRemoved: (rooms) => this.#core?.removed(rooms),
  });
  readonly #checks = new CheckPool({
    want: (isWanted) => tell({ type: "checkers", isWanted }),
    now: () => systemClock.monotonic(),
  });
  #init: Init | null = null;
  /** Null until it listens. */
  #port: number | null = null;
  #isOpen = false;
  #blobs: MessagePort | null = null;

  message(message: ToSocketWorker): void {
    if (message.type === "init") {
      this.#init = message;
      if (message.cluster) this.#log.connect(message.cluster.log);
      if (message.blobs) this.#connectBlobs(message.blobs);
      this.#store.connect(message.store);
    } else if (message.type === "log") {
      this.#log.connect(message.log);
      this.#server?.logSaid({ kind: "log_again" });
    } else if (message.type === "blobs") this.#connectBlobs(message.blobs);
    else if (message.type === "checker") {
      this.#checks.connect(message.worker, message.port);
    } else if (message.type === "store") this.#store.connect(message.store);
    else if (message.type === "admit") this.#admit(message.lists);
    else if (message.type === "listener") this.#server?.listener(message.news);
    else this.#answer(message.id, message.ask);
  }

  /** Before the relay has begun it is kept for then. */
  #connectBlobs(port: MessagePort): void {
    if (this.#server === null) this.#blobs = port;
    else this.#server.blobPort(port);
  }

  /** Before the store is ready the relay has yet to begin: then with these lists. */
  #admit(lists: Pick<CoreSettings, "allow" | "deny">): void {
    this.#server?.operator({ kind: "admit", lists });
    if (this.#init === null) return;
    const { allow: _allow, ...rest } = this.#init.settings;
    this.#init = { ...this.#init, settings: { ...rest, ...lists } };
  }

  /** Before the store is ready there is nobody to answer; the asker gives up by itself. */
  #answer(id: number, ask: OperatorAsk): void {
    if (this.#server === null) return;
    tell({ type: "told", id, answer: this.#server.operator(ask) });
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  /** The first time the relay opens with what is on disk; later the rooms in memory are the newer ones. */
  #ready(ready: StoreReady): void {
    if (this.#init === null || this.#core !== null) return;
    const { settings, cluster } = this.#init;
    const core = this.#core = new RelayCore({
      settings,
      randomBytes: (count) => new Uint8Array(randomBytes(count)),
      ...(cluster === undefined ? {} : { cluster }),
    });
    const effects = this.#restored(core, ready);
    if (effects === null) return;
    const server = this.#server = this.#makeServer(core, this.#init);
    if (this.#blobs !== null) server.blobPort(this.#blobs);
    this.#isOpen = cluster === undefined;
    server.apply(effects);
    server.begin();
    void this.#listen(server, this.#init.listenWithinMs);
  }

  /** @returns null where a view says what no program wrote: it is made anew. */
  #restored(core: RelayCore, ready: StoreReady): Effect[] | null {
    try {
      return core.restore(ready, {
        wall: systemClock.wall(),
        mono: systemClock.monotonic(),
      });
    } catch (thrown) {
      if (this.#init?.cluster === undefined) throw thrown;
      const said = thrown instanceof Error ? thrown.message : String(thrown);
      tell({ type: "view_differs", reason: `its view can't be read: ${said}` });
      tell({ type: "renew_view" });
      return null;
    }
  }

  /** One of a cluster listens at once, and lets nobody in until it has caught up with the log. */
  #clustered(effect: ClusterEffect): void {
    if (effect.kind === "log") return this.#log.say(effect.message);
    if (effect.kind === "renew_view") return tell({ type: "renew_view" });
    this.#isOpen = effect.kind === "caught_up";
    if (effect.kind === "caught_up") return this.#tellListening();
    tell({ type: effect.kind, reason: effect.reason });
  }

  #tellListening(): void {
    if (this.#port === null || !this.#isOpen) return;
    tell({ type: "listening", port: this.#port });
  }

  #makeServer(core: RelayCore, init: Init): RelayServer {
    return new RelayServer({
      core,
      checks: this.#checks,
      store: (request) => this.#store.send(request),
      isStoreReady: () => this.#store.isReady,
      isOpen: () => this.#isOpen,
      isStoreFull: () => this.#store.full || core.isFull,
      cluster: (effect) => this.#clustered(effect),
      hostname: init.hostname,
      port: init.port,
      trusted: init.trusted,
      metrics: init.metrics,
      mostSockets: init.mostSockets,
      reports: init.reports,
      crowded: (isCrowded) => tell({ type: "crowded", isCrowded }),
      history: init.settings.history,
      limits: init.settings.limits,
      page: init.page,
      blobs: init.settings.blobs,
      wantBlobs: () => tell({ type: "blobs_wanted" }),
      clock: systemClock,
      log,
    });
  }

  async #listen(server: RelayServer, withinMs: number): Promise<void> {
    const end = systemClock.monotonic() + withinMs;
    for (;;) {
      try {
        this.#port = await server.start();
        return this.#tellListening();
      } catch (thrown) {
        const isInUse = (thrown as { code?: unknown }).code === "EADDRINUSE";
        if (!isInUse || systemClock.monotonic() >= end) {
          const reason = thrown instanceof Error
            ? thrown.message
            : String(thrown);
          return tell({ type: "not_listening", reason, isInUse });
        }
      }
      await sleep(systemClock, LISTEN_AGAIN_MS);
    }
  }
}

const worker = new SocketWorker();
serveKeeper(scope, {
  message: (data) => worker.message(data as ToSocketWorker),
  stop: () => worker.stop(),
  uncaught: (error) => {
    const reason = error instanceof Error
      ? error.stack ?? error.message
      : String(error);
    log.error("uncaught", { reason });
  },
});
