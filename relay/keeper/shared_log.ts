import type { Clock } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import type { Logger } from "../../lib/log.ts";
import { sandboxed, SupervisedWorker } from "../../lib/sandbox.ts";
import { type ClusterSettings, hostPort } from "../cluster/cluster_settings.ts";
import type { ToLogWorker } from "../cluster/log_worker_messages.ts";
import { parseLogWorkerWords } from "./parse_worker_words.ts";
import { ViewCopies } from "./view_copies.ts";

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
  /** Path of the view. */
  readonly view: string;
  /** A copy of another relay's view is there, which nobody has open. */
  readonly viewTaken: () => void;
}

/** The worker that has the connection to the log's servers, alone with it. */
export class SharedLog {
  readonly #options: SharedLogOptions;
  readonly #worker: SupervisedWorker;
  /** The worker's end of the channel that it is started with. */
  #end: MessagePort | null = null;
  #isStarted = false;
  #isServing = false;
  readonly #copies: ViewCopies;

  constructor(options: SharedLogOptions) {
    this.#options = options;
    const { clock, log, settings, node } = options;
    this.#copies = new ViewCopies({
      ...options,
      joined: (port) => this.#post({ type: "copies", port }, [port]),
    });
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
        const isServing = this.#isServing;
        const message: ToLogWorker = {
          ...{ type: "init", settings, node, port, isServing },
        };
        return { message, transfer: [port] };
      },
      onMessage: (data) => this.#heard(data),
      // What it had under way it does not know any more.
      onRestart: () => void this.#copies.done(),
      clock,
      log,
    });
  }

  /** For sockets that are started: what they need of the log. The first of them starts the worker. */
  join(): { readonly node: string; readonly log: MessagePort } {
    const { port1: log, port2: port } = new MessageChannel();
    const { node } = this.#options;
    if (this.#isStarted) {
      this.#post({ type: "port", port }, [port]);
      return { node, log };
    }
    this.#isStarted = true;
    this.#end = port;
    this.#worker.start();
    return { node, log };
  }

  /** Hands over the end of a channel to the worker of this relay's files. */
  keepObjects(port: MessagePort): void {
    this.#post({ type: "objects", port }, [port]);
  }

  /** Whether this relay serves: others get copies of its view then. */
  serves(isServing: boolean): void {
    if (isServing === this.#isServing) return;
    this.#isServing = isServing;
    this.#post({ type: "serves", isServing });
  }

  async stop(): Promise<void> {
    if (this.#isStarted) await this.#worker.stop();
    await this.#copies.done();
  }

  #post(message: ToLogWorker, transfer: Transferable[] = []): void {
    this.#worker.post(message, transfer);
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
    switch (said.type) {
      case "log":
        return log[said.level](said.event, said.fields);
      case "copies_wanted":
        return void this.#copies.want();
      case "copies_done":
        return void this.#copies.done();
      case "view_taken":
        return void this.#copies.done().then(this.#options.viewTaken);
      case "log_unusable":
        return unusable(Failure.fromJson(said.failure));
    }
  }
}
