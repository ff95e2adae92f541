import type { Clock } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import type { Logger } from "../../lib/log.ts";
import { sandboxed, SupervisedWorker } from "../../lib/sandbox.ts";
import { type ClusterSettings, hostPort } from "../cluster/cluster_settings.ts";
import type { ToLogWorker } from "../cluster/log_worker_messages.ts";
import { parseLogWorkerWords } from "./parse_worker_words.ts";

/** The log that this relay shares with others, and its own name among them. */
export interface Cluster {
  readonly node: string;
  readonly settings: ClusterSettings;
}

export interface SharedLogOptions extends Cluster {
  readonly clock: Clock;
  readonly log: Logger;
  /** The worker was started anew by itself: the sockets' worker gets this end of its channel. */
  readonly rejoin: (port: MessagePort) => void;
  /** The worker was started anew: who had a port to it for files needs another. */
  readonly objectsLost: () => void;
  /** Somebody has to change something until the log can be used. */
  readonly unusable: (failure: Failure) => void;
}

/** The worker that has the connection to the log's servers, alone with it. */
export class SharedLog {
  readonly #options: SharedLogOptions;
  readonly #worker: SupervisedWorker;
  /** The worker's end of the channel that it is started with. */
  #end: MessagePort | null = null;
  #isStarted = false;

  constructor(options: SharedLogOptions) {
    this.#options = options;
    const { clock, log, settings, node } = options;
    const net = [...settings.servers, ...settings.monitors].map(hostPort);
    this.#worker = new SupervisedWorker({
      name: "relay log",
      start: () =>
        new Worker(
          new URL("../cluster/log_worker.ts", import.meta.url),
          sandboxed("relay log", {
            net,
            read: false,
            write: false,
            env: false,
          }),
        ),
      init: () => {
        const port = this.#end ?? this.#newEnd();
        this.#end = null;
        const message: ToLogWorker = { type: "init", settings, node, port };
        return { message, transfer: [port] };
      },
      onMessage: (data) => this.#heard(data),
      onRestart: () => {},
      clock,
      log,
    });
  }

  /** For sockets that are started: what they need of the log. The first of them starts the worker. */
  join(): { readonly node: string; readonly log: MessagePort } {
    const { port1: log, port2: port } = new MessageChannel();
    const { node } = this.#options;
    if (this.#isStarted) {
      const message: ToLogWorker = { type: "port", port };
      this.#worker.post(message, [port]);
      return { node, log };
    }
    this.#isStarted = true;
    this.#end = port;
    this.#worker.start();
    return { node, log };
  }

  /** Hands over the end of a channel to the worker of this relay's files. */
  keepObjects(port: MessagePort): void {
    const message: ToLogWorker = { type: "objects", port };
    this.#worker.post(message, [port]);
  }

  async stop(): Promise<void> {
    if (this.#isStarted) await this.#worker.stop();
  }

  #newEnd(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.#options.rejoin(port1);
    this.#options.objectsLost();
    return port2;
  }

  #heard(data: unknown): void {
    const { log, unusable } = this.#options;
    const said = parseLogWorkerWords(data);
    if (said === null) {
      return log.warn("the log's worker said something strange");
    }
    if (said.type === "log") return log[said.level](said.event, said.fields);
    unusable(Failure.fromJson(said.failure));
  }
}
