import type { Clock, Timer } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";

/** What came of one call at the relay's own address. */
export type Call = "heard" | "unheard" | "no descriptor";

export interface ListenerWatchOptions {
  /** Calls at the relay's own address. Never rejects. */
  readonly call: () => Promise<Call>;
  /** Nobody accepts there: the sockets' worker is to look at its listener. */
  readonly unheard: () => void;
  /** Opening its listener anew did not help. */
  readonly deaf: () => void;
  /** No descriptor is free in this process: fewer connections than now have to do. */
  readonly outOfDescriptors: () => void;
  readonly clock: Clock;
  readonly log: Logger;
}

const CALL_EVERY_MS = 2_000;
/** While something is wrong. */
const CALL_AGAIN_MS = 500;
/** Calls in a row that nobody heard, past which the worker is started again. */
const DEAF_AFTER_CALLS = 10;

/** Calls at the relay's own listener now and then, as a client would: its worker can't hear that it is deaf. */
export class ListenerWatch {
  readonly #options: ListenerWatchOptions;
  #timer: Timer | null = null;
  #unheard = 0;
  #isOut = false;
  #isStopped = false;

  constructor(options: ListenerWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = this.#options.clock.after(
      CALL_EVERY_MS,
      () => void this.#round(),
    );
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }

  async #round(): Promise<void> {
    const { clock, call } = this.#options;
    const outcome = await call();
    if (this.#isStopped) return;
    this.#act(outcome);
    const wait = outcome === "heard" ? CALL_EVERY_MS : CALL_AGAIN_MS;
    this.#timer = clock.after(wait, () => void this.#round());
  }

  #act(outcome: Call): void {
    const { unheard, deaf, log, outOfDescriptors } = this.#options;
    if (outcome === "no descriptor") {
      if (!this.#isOut) {
        log.error("no file descriptor is free; raise ulimit -n");
        outOfDescriptors();
      }
      this.#isOut = true;
      return;
    }
    if (this.#isOut) log.info("file descriptors are free again");
    this.#isOut = false;
    this.#unheard = outcome === "unheard" ? this.#unheard + 1 : 0;
    if (this.#unheard === 0) return;
    if (this.#unheard % DEAF_AFTER_CALLS === 0) deaf();
    else unheard();
  }
}
