import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import { sandboxed, SupervisedWorker } from "../../lib/sandbox.ts";
import type { CheckInit } from "../checks/check_messages.ts";

/** More would wait for the sockets' own thread. */
const MOST = 4;
/** The sockets' thread and the store's have work of their own. */
const OTHERS = 2;

export interface RelayCheckersOptions {
  /** Processor cores of the host. */
  readonly cores: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** A worker was started, or started again: the sockets' worker gets this end of its channel. */
  readonly joined: (worker: number, port: MessagePort) => void;
}

/** Workers without any permission, which check frames while the sockets' worker says that it needs them. */
export class RelayCheckers {
  readonly #options: RelayCheckersOptions;
  #workers: readonly SupervisedWorker[] = [];

  constructor(options: RelayCheckersOptions) {
    this.#options = options;
  }

  /** Starts them, as many as there are cores for: none on a host with one. */
  want(): void {
    if (this.#workers.length > 0) return;
    this.#workers = Array.from(
      { length: checkersOn(this.#options.cores) },
      (_, i) => this.#make(i),
    );
    for (const worker of this.#workers) worker.start();
  }

  async stop(): Promise<void> {
    const workers = this.#workers;
    this.#workers = [];
    await Promise.all(workers.map((worker) => worker.stop()));
  }

  #make(number: number): SupervisedWorker {
    const { clock, log, joined } = this.#options;
    const name = `relay checks ${number + 1}`;
    return new SupervisedWorker({
      name,
      start: () =>
        new Worker(
          new URL("../checks/check_worker.ts", import.meta.url),
          sandboxed(name, {
            net: false,
            read: false,
            write: false,
            env: false,
          }),
        ),
      init: () => {
        const { port1, port2: port } = new MessageChannel();
        joined(number, port1);
        const message: CheckInit = { type: "init", port };
        return { message, transfer: [port] };
      },
      onMessage: () => log.warn("a worker for checks said something strange"),
      onRestart: () => {},
      clock,
      log,
    });
  }
}

/** How many workers a host of so many cores has for checks. */
export function checkersOn(cores: number): number {
  return cores < 2 ? 0 : Math.min(MOST, Math.max(1, cores - OTHERS));
}
