import { defined } from "../../lib/defined.ts";
import type { Failure } from "../../lib/errors.ts";
import { sandboxed, SupervisedWorker } from "../../lib/sandbox.ts";
import { PendingAsks } from "../admin/pending_asks.ts";
import type { OperatorAnswers, OperatorAsk } from "../core/operator_ask.ts";
import type { CoreSettings } from "../core/settings.ts";
import type {
  FromSocketWorker,
  ToSocketWorker,
} from "../shell/worker_messages.ts";
import { listenFailure, listenText } from "./listen_address.ts";
import { parseSocketWords } from "./parse_worker_words.ts";
import type { RelayWorkersOptions } from "./relay_workers_options.ts";

type Init = Extract<ToSocketWorker, { type: "init" }>;
type Said<Type extends FromSocketWorker["type"]> = Extract<
  FromSocketWorker,
  { type: Type }
>;

/** The sockets' ends of the channels to the other workers, made anew at each start. */
export type SocketEnds = Pick<Init, "store" | "blobs" | "cluster">;

/** What the sockets say that concerns the other workers, or the relay. */
export type SocketNews = Exclude<
  FromSocketWorker,
  Said<"log" | "told" | "not_listening">
>;

export interface RelaySocketsOptions extends
  Pick<
    RelayWorkersOptions,
    "options" | "version" | "settings" | "mostSockets" | "clock" | "log"
  > {
  /** Whether the relay has listened before. */
  readonly phase: { readonly hasStarted: boolean };
  /** The worker is started. */
  readonly join: () => SocketEnds;
  readonly heard: (news: SocketNews) => void;
  /** It gave up listening. */
  readonly notListening: (failure: Failure) => void;
  /** The worker ended, and why; it is started again. */
  readonly failed: (reason: string) => void;
}

/**
 * How long sockets that were started again try the address: the worker before may hold it still, since a worker in a
 * busy loop can't be ended.
 */
const LISTEN_AGAIN_WITHIN_MS = 5_000;

/** The two names that npm:ws reads when it is loaded. */
const WS_ENV = ["WS_NO_BUFFER_UTIL", "WS_NO_UTF_8_VALIDATE"];

/** The worker that has the sockets and the relay's rules, alone with the address that it listens on. */
export class RelaySockets {
  readonly #options: RelaySocketsOptions;
  readonly #worker: SupervisedWorker;
  readonly #asks: PendingAsks;
  #settings: CoreSettings;
  /** The real one, once it is known: a worker started again must have the same. */
  #port: number;

  constructor(options: RelaySocketsOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.#port = options.options.port;
    this.#worker = this.#make();
    this.#asks = new PendingAsks(
      options.clock,
      (id, ask) => this.post({ type: "ask", id, ask }),
    );
  }

  start(): void {
    this.#worker.start();
  }

  async stop(): Promise<void> {
    await this.#worker.stop();
  }

  post(message: ToSocketWorker, transfer: Transferable[] = []): void {
    this.#worker.post(message, transfer);
  }

  /** They are of no use as they are: ended, and started again. */
  fail(reason: string): void {
    this.#worker.fail(reason);
  }

  admit(lists: Pick<CoreSettings, "allow" | "deny">): void {
    const { allow: _allow, ...rest } = this.#settings;
    this.#settings = { ...rest, ...lists };
    this.post({ type: "admit", lists });
  }

  /** @throws Failure INTERNAL when the sockets don't answer. */
  ask<K extends OperatorAsk["kind"]>(
    ask: Extract<OperatorAsk, { kind: K }>,
  ): Promise<OperatorAnswers[K]> {
    return this.#asks.ask(ask);
  }

  #make(): SupervisedWorker {
    const { clock, log, options, failed } = this.#options;
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
      init: () => this.#init(),
      onMessage: (data) => this.#heard(parseSocketWords(data, this.#port)),
      onRestart: failed,
      clock,
      log,
      stopWithinMs: 2_500,
    });
  }

  #init(): { message: Init; transfer: Transferable[] } {
    const { store, blobs, cluster } = this.#options.join();
    const { options, version, mostSockets, phase } = this.#options;
    const { hostname, trusted, metrics } = options;
    return {
      message: {
        type: "init",
        settings: this.#settings,
        ...{ hostname, port: this.#port, trusted, metrics, mostSockets },
        listenWithinMs: phase.hasStarted ? LISTEN_AGAIN_WITHIN_MS : 0,
        page: options.page ? { version } : null,
        reports: options.logLevel === "debug",
        store,
        ...defined({ blobs, cluster }),
      },
      transfer: [store, blobs, cluster?.log].filter((port) =>
        port !== undefined
      ),
    };
  }

  #heard(message: FromSocketWorker | null): void {
    const { log, heard } = this.#options;
    if (message === null) {
      return log.warn("the relay's sockets said something strange");
    }
    if (message.type === "log") {
      return log[message.level](message.event, message.fields);
    }
    if (message.type === "told") {
      return this.#asks.answered(message.id, message.answer);
    }
    if (message.type === "not_listening") return this.#notListening(message);
    if (message.type === "listening") this.#port = message.port;
    heard(message);
  }

  #notListening({ reason, isInUse }: Said<"not_listening">): void {
    const { log, options, notListening } = this.#options;
    const address = `${options.hostname}:${this.#port}`;
    log.error("not listening", { reason });
    notListening(listenFailure(address, isInUse ? null : reason));
  }
}
