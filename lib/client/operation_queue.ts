import { Failure } from "../errors.ts";

interface Waiting {
  readonly start: () => void;
  readonly refuse: (reason: unknown) => void;
}

/**
 * Runs operations one at a time, in the order in which they came: version 1 answers name no request, so two at
 * once could not be told apart (protocol.md section 5).
 */
export class OperationQueue {
  readonly #most: number;
  readonly #waiting = new Set<Waiting>();
  #busy = false;
  #closed: Failure | undefined;

  /** @param most how many may wait; more are refused with QUEUE_FULL. */
  constructor(most = 256) {
    this.#most = most;
  }

  /** Runs the task when its turn comes. Rejects with the signal's reason when that comes first. */
  async run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#turn(signal);
    try {
      return await task();
    } finally {
      this.#next();
    }
  }

  /** Refuses what waits and all that comes; what runs is its own task's to end. */
  close(failure: Failure): void {
    this.#closed = failure;
    for (const { refuse } of this.#waiting) refuse(failure);
    this.#waiting.clear();
  }

  #turn(signal?: AbortSignal): Promise<void> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (!this.#busy) {
      this.#busy = true;
      return Promise.resolve();
    }
    if (this.#waiting.size >= this.#most) return Promise.reject(this.#full());
    return this.#wait(signal);
  }

  #wait(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.#waiting.delete(entry);
        reject(signal?.reason);
      };
      const settled = (action: () => void) => {
        signal?.removeEventListener("abort", stop);
        action();
      };
      const entry: Waiting = {
        start: () => settled(resolve),
        refuse: (reason) => settled(() => reject(reason)),
      };
      this.#waiting.add(entry);
      signal?.addEventListener("abort", stop, { once: true });
    });
  }

  #next(): void {
    const [first] = this.#waiting;
    if (first === undefined) {
      this.#busy = false;
      return;
    }
    this.#waiting.delete(first);
    first.start();
  }

  #full(): Failure {
    return new Failure("QUEUE_FULL", { fields: { count: this.#most } });
  }
}
