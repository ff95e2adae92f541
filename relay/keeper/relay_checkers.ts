import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import { sandboxed, SupervisedWorker } from "../../lib/sandbox.ts";
import type { CheckInit } from "../checks/check_messages.ts";

/** More would wait for the sockets' own thread. */
const MOST = 4;
/** The sockets' thread and the store's have work of their own. */
const OTHERS = 2;

/** The processor, and what it has to do beside. */
export interface CheckingHost {
  /** Processor cores of the host. */
  readonly cores: number;
  /** A thread of the relay's has a shared log to follow. */
  readonly followsLog: boolean;
}

export interface RelayCheckersOptions extends CheckingHost {
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

  /** Starts them, as many as there are cores for. */
  want(): void {
    if (this.#workers.length > 0) return;
    this.#workers = Array.from(
      { length: checkersOn(this.#options) },
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

/**
 * How many workers a host has for checks. On two cores one spares the sockets' thread, but not where a third thread follows
 * a log: to hand a frame over and back then costs what its check does.
 */
export function checkersOn({ cores, followsLog }: CheckingHost): number {
  const free = Math.min(MOST, Math.max(0, cores - OTHERS));
  return free === 0 && cores === OTHERS && !followsLog ? 1 : free;
}
