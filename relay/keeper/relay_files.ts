import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import { sandboxed, SupervisedWorker } from "../../lib/sandbox.ts";
import type { ToBlobWorker } from "../blobs/blob_port.ts";
import { parseLogLine } from "./parse_worker_words.ts";

export interface RelayFilesOptions {
  /** Absolute. */
  readonly folder: string;
  /** Whether an earlier run left files, of which some may be nobody's any more. */
  readonly hasFiles: boolean;
  /** Hands an end of a channel to the worker that has the connection to a cluster's servers; null for a relay by itself. */
  readonly keepObjects: ((port: MessagePort) => void) | null;
  readonly clock: Clock;
  readonly log: Logger;
  /** The worker was started: the sockets' worker gets this end of its channel. */
  readonly joined: (port: MessagePort) => void;
}

/** The worker that has the files which agents hand over, alone with their folder. It is started once there are any. */
export class RelayFiles {
  readonly #options: RelayFilesOptions;
  readonly #worker: SupervisedWorker;
  /** The worker's end of the channel that it is started with. */
  #end: MessagePort | null = null;
  #isStarted = false;

  constructor(options: RelayFilesOptions) {
    this.#options = options;
    const { folder, clock, log } = options;
    this.#worker = new SupervisedWorker({
      name: "relay files",
      start: () =>
        new Worker(
          new URL("../blobs/blob_worker.ts", import.meta.url),
          sandboxed("relay files", {
            net: false,
            read: [folder],
            write: [folder],
            env: false,
          }),
        ),
      init: () => {
        const port = this.#end ?? this.#newEnd();
        this.#end = null;
        const objects = this.#newObjects();
        const message: ToBlobWorker = { type: "init", folder, port, objects };
        const transfer = objects === null ? [port] : [port, objects];
        return { message, transfer };
      },
      onMessage: (data) => this.#heard(data),
      onRestart: () => {},
      clock,
      log,
      hangAfterMs: 30_000,
    });
  }

  /** For sockets that are started: their end of a channel; null as long as there is no worker. */
  join(): MessagePort | null {
    if (!this.#isStarted && !this.#options.hasFiles) return null;
    const { port1, port2: port } = new MessageChannel();
    if (this.#isStarted) {
      const message: ToBlobWorker = { type: "port", port };
      this.#worker.post(message, [port]);
    } else this.#start(port);
    return port1;
  }

  /** The worker with the connection to the servers was started anew. */
  objectsLost(): void {
    const objects = this.#isStarted ? this.#newObjects() : null;
    if (objects === null) return;
    const message: ToBlobWorker = { type: "objects", objects };
    this.#worker.post(message, [objects]);
  }

  /** A file comes in, or is wanted. */
  want(): void {
    if (!this.#isStarted) this.#start(this.#newEnd());
  }

  async stop(): Promise<void> {
    if (this.#isStarted) await this.#worker.stop();
  }

  #start(end: MessagePort): void {
    this.#isStarted = true;
    this.#end = end;
    this.#worker.start();
  }

  #newEnd(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.#options.joined(port1);
    return port2;
  }

  #newObjects(): MessagePort | null {
    const { keepObjects } = this.#options;
    if (keepObjects === null) return null;
    const { port1, port2 } = new MessageChannel();
    keepObjects(port1);
    return port2;
  }

  #heard(data: unknown): void {
    const { log } = this.#options;
    const said = parseLogLine(data);
    if (said === null) log.warn("the files' worker said something strange");
    else log[said.level](said.event, said.fields);
  }
}
