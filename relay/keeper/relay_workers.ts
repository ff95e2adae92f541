import { defined } from "../../lib/defined.ts";
import { Failure } from "../../lib/errors.ts";
import type { CoreSettings } from "../core/settings.ts";
import type { OperatorAnswers, OperatorAsk } from "../core/operator_ask.ts";
import type { ListenerNews } from "../shell/worker_messages.ts";
import type { StoreState } from "../store/store_options.ts";
import { ListeningPhase } from "./listening_phase.ts";
import { RelayCheckers } from "./relay_checkers.ts";
import { RelayFiles } from "./relay_files.ts";
import {
  RelaySockets,
  type SocketEnds,
  type SocketNews,
} from "./relay_sockets.ts";
import { RelayStore } from "./relay_store.ts";
import type { RelayWorkersOptions } from "./relay_workers_options.ts";
import { SharedLog } from "./shared_log.ts";

/** The relay's workers, each alone with its permissions, joined by channels that are made anew when one of them is. */
export class RelayWorkers {
  readonly #options: RelayWorkersOptions;
  readonly #phase: ListeningPhase;
  readonly #sockets: RelaySockets;
  readonly #store: RelayStore;
  readonly #files: RelayFiles;
  readonly #checkers: RelayCheckers;
  readonly #log: SharedLog | null;

  constructor(options: RelayWorkersOptions) {
    this.#options = options;
    this.#phase = new ListeningPhase(options.lost);
    this.#sockets = this.#relaySockets();
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
    this.#sockets.admit(lists);
  }

  /** What was found at the relay's own address; that nobody is heard there is news of one alone that listens by now. */
  tellListener(news: ListenerNews): void {
    if (news.kind === "unheard" && !this.#phase.isListening) return;
    this.#sockets.post({ type: "listener", news });
  }

  /** Nobody is heard at the relay's address: of one that listens the sockets are of no use as they are. */
  deaf(): void {
    if (this.#phase.isListening) this.#sockets.fail("its listener is deaf");
  }

  /** @throws Failure INTERNAL when the sockets don't answer. */
  ask<K extends OperatorAsk["kind"]>(
    ask: Extract<OperatorAsk, { kind: K }>,
  ): Promise<OperatorAnswers[K]> {
    return this.#sockets.ask(ask);
  }

  #relaySockets(): RelaySockets {
    return new RelaySockets({
      ...this.#options,
      phase: this.#phase,
      join: () => this.#socketEnds(),
      heard: (news) => this.#heard(news),
      notListening: (failure) => this.#phase.ends(failure),
      failed: (reason) => this.#phase.workerEnded(reason),
    });
  }

  #sharedLog(): SharedLog | null {
    const { clock, log, cluster, database } = this.#options;
    if (cluster === null) return null;
    return new SharedLog({
      ...cluster,
      ...{ clock, log, view: database },
      viewTaken: () => this.#useTaken(),
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

  /** The view is thrown away, and all begins anew with the log's first entry, or with what another relay made of it. */
  #renewView(reason: string): void {
    const { log } = this.#options;
    if (this.#phase.isRenewing) {
      return this.#storeLost(`it was made anew, and once more ${reason}`);
    }
    log.warn("the view is made anew", { reason });
    this.#phase.renew();
    this.#store.discard();
    this.#sockets.fail("its view is made anew");
  }

  /** All begins anew with another relay's view. */
  #useTaken(): void {
    this.#phase.renew();
    this.#store.replace();
    this.#sockets.fail("it goes on with another relay's view");
  }

  /** Sockets started again know nothing of the rooms: they get a fresh store, which tells them. */
  #socketEnds(): SocketEnds {
    this.#phase.begin();
    this.#log?.serves(false);
    const { port1: store, port2 } = new MessageChannel();
    void this.#store.start(port2);
    void this.#checkers.stop();
    const { retainMs, retainRows } = this.#options.options;
    const cluster = this.#log === null ? undefined : {
      ...this.#log.join(),
      retainMs,
      ...defined({ retainRows }),
    };
    const blobs = this.#files.join() ?? undefined;
    return { store, ...defined({ blobs, cluster }) };
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

  #heard(news: SocketNews): void {
    const { log, crowded } = this.#options;
    switch (news.type) {
      case "listening":
        return this.#listening(news.port);
      case "unfit": {
        const fields = { reason: news.reason };
        log.error("out of service", fields);
        this.#log?.serves(false);
        return this.#phase.endsStart(new Failure("LOG_UNUSABLE", { fields }));
      }
      case "view_differs":
        this.#log?.serves(false);
        return log.error("out of service", { reason: news.reason });
      case "renew_view":
        return this.#renewView("it differs");
      case "blobs_wanted":
        return this.#files.want();
      case "crowded":
        return crowded(news.isCrowded);
      case "checkers":
        return news.isWanted
          ? this.#checkers.want()
          : void this.#checkers.stop();
    }
  }

  #listening(port: number): void {
    const { log } = this.#options;
    if (this.#phase.isRenewing) log.info("in service again", { view: "equal" });
    this.#phase.listens(port);
    this.#log?.serves(true);
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
