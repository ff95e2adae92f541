import type { Clock, Timer } from "../../../lib/clock.ts";

/** So long nothing may move; milliseconds. */
const STALL_MS = 30_000;

/** Ends what does not move any more. */
export class Stall implements Disposable {
  readonly #clock: Pick<Clock, "after">;
  readonly #late = new AbortController();
  #timer: Timer;

  constructor(clock: Pick<Clock, "after">) {
    this.#clock = clock;
    this.#timer = this.#start();
  }

  /** Aborted once nothing moved for half a minute. */
  get signal(): AbortSignal {
    return this.#late.signal;
  }

  /** Something moved. */
  moved(): void {
    this.#timer.cancel();
    this.#timer = this.#start();
  }

  [Symbol.dispose](): void {
    this.#timer.cancel();
  }

  #start(): Timer {
    return this.#clock.after(STALL_MS, () => {
      const seconds = STALL_MS / 1_000;
      this.#late.abort(new Error(`nothing came or went for ${seconds} s`));
    });
  }
}
