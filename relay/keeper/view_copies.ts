import type { Clock } from "../../lib/clock.ts";
import { folderOf } from "../../lib/host/paths.ts";
import type { Logger } from "../../lib/log.ts";
import { sandboxed, SupervisedWorker } from "../../lib/sandbox.ts";
import type { ToCopyWorker } from "../view_copy/copy_port.ts";
import { DataDir } from "./data_dir.ts";
import { parseLogLine } from "./parse_worker_words.ts";

export interface ViewCopiesOptions {
  /** Path of the view. */
  readonly view: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** The worker was started: the log's worker gets this end of its channel. */
  readonly joined: (port: MessagePort) => void;
}

/** A view of gigabytes takes minutes to be copied and looked at, in which its worker says nothing. */
const HANGS_AFTER_MS = 30 * 60_000;

/** The worker that has copies of views on their way to other relays or from them, as long as there are any. */
export class ViewCopies {
  readonly #options: ViewCopiesOptions;
  #worker: SupervisedWorker | null = null;
  #ended: Promise<void> = Promise.resolve();
  #isWanted = false;

  constructor(options: ViewCopiesOptions) {
    this.#options = options;
  }

  /** There is something to copy. */
  async want(): Promise<void> {
    this.#isWanted = true;
    await this.#ended;
    if (!this.#isWanted || this.#worker !== null) return;
    this.#worker = this.#make();
    this.#worker.start();
  }

  /** There is no more; returns when nobody has a copy open any more. */
  async done(): Promise<void> {
    this.#isWanted = false;
    const worker = this.#worker;
    this.#worker = null;
    if (worker !== null) this.#ended = worker.stop();
    await this.#ended;
  }

  #make(): SupervisedWorker {
    const { clock, log, view } = this.#options;
    const folder = folderOf(view);
    return new SupervisedWorker({
      name: "relay view copies",
      start: () =>
        new Worker(
          new URL("../view_copy/copy_worker.ts", import.meta.url),
          sandboxed("relay view copies", {
            net: false,
            read: [folder],
            write: [folder],
            env: false,
          }),
        ),
      init: () => {
        const { port1, port2: port } = new MessageChannel();
        this.#options.joined(port1);
        const files = { view, ...new DataDir(folder).viewCopies };
        const message: ToCopyWorker = { type: "init", files, port };
        return { message, transfer: [port] };
      },
      onMessage: (data) => this.#heard(data),
      onRestart: () => {},
      clock,
      log,
      hangAfterMs: HANGS_AFTER_MS,
    });
  }

  #heard(data: unknown): void {
    const { log } = this.#options;
    const said = parseLogLine(data);
    if (said === null) log.warn("the worker of copies said something strange");
    else log[said.level](said.event, said.fields);
  }
}
