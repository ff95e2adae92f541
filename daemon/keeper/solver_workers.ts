import type { Clock, Timer } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import type { PowCommand } from "../../lib/pow/search_messages.ts";
import { sandboxed, type WorkerLike } from "../../lib/sandbox.ts";

/** How long solver workers without a search are kept, in milliseconds. */
const IDLE_MS = 30_000;

export interface SolverWorkersOptions {
  /** Workers at a time: one a core, at most four. */
  readonly count: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** Default: a worker without any permission. */
  readonly start?: () => WorkerLike;
}

/** Solver workers for proofs of work, there only while somebody searches and a little longer. */
export class SolverWorkers {
  readonly #options: SolverWorkersOptions;
  #workers: WorkerLike[] = [];
  #searches = 0;
  #idle: Timer | null = null;

  constructor(options: SolverWorkersOptions) {
    this.#options = options;
  }

  get running(): number {
    return this.#workers.length;
  }

  /** A port to each solver worker; they are started if none run. */
  borrow(): MessagePort[] {
    this.#idle?.cancel();
    this.#searches++;
    if (this.#workers.length === 0) this.#startAll();
    return this.#workers.map((worker) => {
      const { port1, port2 } = new MessageChannel();
      const command: PowCommand = { type: "port", port: port1 };
      worker.postMessage(command, [port1]);
      return port2;
    });
  }

  /** One search is over. */
  giveBack(): void {
    this.#searches = Math.max(0, this.#searches - 1);
    if (this.#searches === 0) this.#endWhenIdle();
  }

  /** The borrower is gone, with all its searches. */
  reclaim(): void {
    this.#searches = 0;
    this.#endWhenIdle();
  }

  stop(): void {
    this.#idle?.cancel();
    for (const worker of this.#workers) worker.terminate();
    this.#workers = [];
  }

  #endWhenIdle(): void {
    this.#idle?.cancel();
    this.#idle = this.#options.clock.after(IDLE_MS, () => this.stop());
  }

  #startAll(): void {
    const { count, start = startSolver, log } = this.#options;
    this.#workers = Array.from({ length: count }, () => start());
    for (const worker of this.#workers) {
      worker.onerror = (event) => {
        event.preventDefault();
        log.error("solver ended", { reason: event.message });
        // Whoever searches notices the silence and goes on alone.
        this.stop();
      };
    }
  }
}

function startSolver(): WorkerLike {
  const nothing = {
    net: false,
    read: false,
    write: false,
    env: false,
  } as const;
  return new Worker(
    new URL("../../lib/pow/solver_worker.ts", import.meta.url),
    sandboxed("solver", nothing),
  ) as WorkerLike;
}
