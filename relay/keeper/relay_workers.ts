import { defined } from "../../lib/defined.ts";
import { Failure } from "../../lib/errors.ts";
import { sandboxed, SupervisedWorker } from "../../lib/sandbox.ts";
import type { CoreSettings } from "../core/settings.ts";
import { PendingAsks } from "../admin/pending_asks.ts";
import type {
  FromSocketWorker,
  ListenerNews,
  ToSocketWorker,
} from "../shell/worker_messages.ts";
import type { OperatorAnswers, OperatorAsk } from "../core/operator_ask.ts";
import { listenFailure, listenText } from "./listen_address.ts";
import { ListeningPhase } from "./listening_phase.ts";
import { parseSocketWords } from "./parse_worker_words.ts";
import { RelayCheckers } from "./relay_checkers.ts";
import { RelayFiles } from "./relay_files.ts";
import { RelayStore } from "./relay_store.ts";
import { SharedLog } from "./shared_log.ts";
import type { StoreState } from "../store/store_options.ts";
import type { RelayWorkersOptions } from "./relay_workers_options.ts";

/**
 * How long sockets that were started again try the address: the worker before may hold it still, since a worker in a
 * busy loop can't be ended.
 */
const LISTEN_AGAIN_WITHIN_MS = 5_000;

/** The two names that npm:ws reads when it is loaded. */
const WS_ENV = ["WS_NO_BUFFER_UTIL", "WS_NO_UTF_8_VALIDATE"];

/** The relay's two workers, each alone with its permissions, joined by a channel that is made anew when one is. */
export class RelayWorkers {
  readonly #options: RelayWorkersOptions;
  readonly #phase: ListeningPhase;
  readonly #sockets: SupervisedWorker;
  readonly #store: RelayStore;
  readonly #files: RelayFiles;
  readonly #checkers: RelayCheckers;
  readonly #log: SharedLog | null;
  readonly #asks: PendingAsks;
  #settings: CoreSettings;
  /** The real one, once it is known: a worker started again must have the same. */
  #port: number;

  constructor(options: RelayWorkersOptions) {
    this.#options = options;
    this.#phase = new ListeningPhase(options.lost);
    this.#settings = options.settings;
    this.#port = options.options.port;
    this.#sockets = this.#socketWorker();
    this.#log = this.#sharedLog();
    this.#store = this.#relayStore();
    this.#files = new RelayFiles({
      ...options,
      ...options.files,
      keepObjects: this.#log && ((port) => this.#log?.keepObjects(port)),
      joined: (port) =>
        this.#sockets.post({ type: "blobs", blobs: port }, [port]),
    });
    this.#checkers = new RelayCheckers({
      ...options,
      cores: navigator.hardwareConcurrency,
      followsLog: this.#log !== null,
      joined: (worker, port) =>
        this.#sockets.post({ type: "checker", worker, port }, [port]),
    });
    this.#asks = new PendingAsks(
      options.clock,
      (id, ask) => this.#post({ type: "ask", id, ask }),
    );
  }

  /**
   * @returns the port that the relay listens on.
   * @throws Failure PORT_IN_USE, USAGE (no address of this host), FILE_TROUBLE or INTERNAL.
   */
  start(): Promise<number> {
    this.#sockets.start();
    return this.#phase.started;
  }

  /** Sockets first: what they took in is stored before the store ends. */
  async stop(): Promise<void> {
    await this.#sockets.stop();
    await Promise.all([
      this.#store.stop(),
      this.#files.stop(),
      this.#checkers.stop(),
    ]);
    await this.#log?.stop();
  }

  admit(lists: Pick<CoreSettings, "allow" | "deny">): void {
    const { allow: _allow, ...rest } = this.#settings;
    this.#settings = { ...rest, ...lists };
    this.#post({ type: "admit", lists });
  }

  /** What was found at the relay's own address; that nobody is heard there is news of one alone that listens by now. */
  tellListener(news: ListenerNews): void {
    if (news.kind === "unheard" && !this.#phase.isListening) return;
    this.#post({ type: "listener", news });
  }

  /** Nobody is heard at the relay's address: of one that listens the sockets are of no use as they are. */
  deaf(): void {
    if (this.#phase.isListening) this.#sockets.fail("its listener is deaf");
  }

  /** @throws Failure INTERNAL when the sockets don't answer. */
  ask<K extends OperatorAsk["kind"]>(
    ask: Extract<OperatorAsk, { kind: K }>,
  ): Promise<OperatorAnswers[K]> {
    return this.#asks.ask(ask);
  }

  #socketWorker(): SupervisedWorker {
    const { clock, log, options } = this.#options;
    return new SupervisedWorker({
      name: "relay sockets",
      start: () =>
        new Worker(
          new URL("../shell/socket_worker.ts", import.meta.url),
          sandboxed("relay sockets", {
            net: [listenText({ hostname: options.hostname, port: this.#port })],
            read: false,
            write: false,
            env: WS_ENV,
          }),
        ),
      init: () => this.#socketInit(),
      onMessage: (data) => this.#heard(parseSocketWords(data, this.#port)),
      onRestart: (reason) => this.#phase.workerEnded(reason),
      clock,
      log,
      stopWithinMs: 2_500,
    });
  }

  #sharedLog(): SharedLog | null {
    const { clock, log, cluster } = this.#options;
    if (cluster === null) return null;
    return new SharedLog({
      ...cluster,
      clock,
      log,
      rejoin: (port) => this.#sockets.post({ type: "log", log: port }, [port]),
      objectsLost: () => this.#files.objectsLost(),
      unusable: (failure) => {
        log.error("log unusable", { reason: failure.message });
        this.#phase.ends(failure);
      },
    });
  }

  #relayStore(): RelayStore {
    const { database, clock, log, options } = this.#options;
    const { retainMs, retainRows } = options;
    return new RelayStore({
      ...{ database, clock, log },
      options: { retainMs, retainRows, isView: this.#log !== null },
      rejoin: () => this.#newStoreEnd(),
      unusable: (state) => this.#storeUnusable(state),
      stuck: (error) => this.#storeLost(`${error}`),
      failed: (reason) => this.#phase.workerEnded(reason),
    });
  }

  /** The view is thrown away, and all begins anew with the log's first entry. */
  #renewView(reason: string): void {
    const { log } = this.#options;
    if (this.#phase.isRenewing) {
      return this.#storeLost(`it was made anew, and once more ${reason}`);
    }
    log.warn("the view is made anew from the log", { reason });
    this.#phase.renew();
    this.#store.discard();
    this.#sockets.fail("its view is made anew");
  }

  /** Sockets started again know nothing of the rooms: they get a fresh store, which tells them. */
  #socketInit(): { message: ToSocketWorker; transfer: Transferable[] } {
    this.#phase.begin();
    const { port1, port2 } = new MessageChannel();
    void this.#store.start(port2);
    void this.#checkers.stop();
    const { options } = this.#options;
    const { retainMs, retainRows } = options;
    const cluster = this.#log === null ? undefined : {
      ...this.#log.join(),
      retainMs,
      ...defined({ retainRows }),
    };
    const blobs = this.#files.join() ?? undefined;
    return {
      message: {
        type: "init",
        settings: this.#settings,
        hostname: options.hostname,
        port: this.#port,
        listenWithinMs: this.#phase.hasStarted ? LISTEN_AGAIN_WITHIN_MS : 0,
        ...{ trusted: options.trusted, metrics: options.metrics },
        page: options.page ? { version: this.#options.version } : null,
        mostSockets: this.#options.mostSockets,
        store: port1,
        ...defined({ blobs, cluster }),
      },
      transfer: [port1, blobs, cluster?.log].filter((port) =>
        port !== undefined
      ),
    };
  }

  /**
   * The store was started again by itself: the sockets get the other end of a new channel. Those of a cluster's relay
   * begin anew with it: how far it came they can't know.
   */
  #newStoreEnd(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    if (this.#log !== null) {
      this.#sockets.fail("the view was opened again");
      return port2;
    }
    this.#sockets.post({ type: "store", store: port1 }, [port1]);
    return port2;
  }

  #post(message: ToSocketWorker): void {
    this.#sockets.post(message);
  }

  #heard(message: FromSocketWorker | null): void {
    const { log } = this.#options;
    if (message === null) {
      return log.warn("the relay's sockets said something strange");
    }
    if (message.type === "log") {
      return log[message.level](message.event, message.fields);
    }
    if (message.type === "view_differs") {
      return log.error("out of service", { reason: message.reason });
    }
    if (message.type === "renew_view") return this.#renewView("it differs");
    if (message.type === "unfit") {
      const fields = { reason: message.reason };
      log.error("out of service", fields);
      return this.#phase.endsStart(new Failure("LOG_UNUSABLE", { fields }));
    }
    if (message.type === "blobs_wanted") return this.#files.want();
    if (message.type === "crowded") {
      return this.#options.crowded(message.isCrowded);
    }
    if (message.type === "checkers") {
      return message.isWanted
        ? this.#checkers.want()
        : void this.#checkers.stop();
    }
    if (message.type === "told") {
      return this.#asks.answered(message.id, message.answer);
    }
    if (message.type === "listening") {
      this.#port = message.port;
      if (this.#phase.isRenewing) {
        log.info("in service again", { view: "equal" });
      }
      return this.#phase.listens(message.port);
    }
    this.#notListening(message);
  }

  #notListening(
    { reason, isInUse }: Extract<FromSocketWorker, { type: "not_listening" }>,
  ): void {
    const { log, options } = this.#options;
    const address = `${options.hostname}:${this.#port}`;
    log.error("not listening", { reason });
    this.#phase.ends(listenFailure(address, isInUse ? null : reason));
  }

  #storeUnusable(
    { reason, isDamaged }: Extract<StoreState, { type: "store_unusable" }>,
  ): void {
    if (isDamaged && this.#log !== null) {
      return this.#renewView(`it is damaged: ${reason}`);
    }
    if (isDamaged) return this.#storeLost(reason);
    this.#phase.endsStart(this.#storeTrouble(reason));
  }

  #storeLost(reason: string): void {
    this.#phase.ends(this.#storeTrouble(reason));
  }

  #storeTrouble(reason: string): Failure {
    const { database: path } = this.#options;
    return new Failure("FILE_TROUBLE", {
      fields: { action: "use", path, reason },
    });
  }
}
