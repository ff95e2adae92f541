import type { Clock, Timer } from "../clock.ts";
import type { Failure } from "../errors.ts";

/** A limit on time that can be stopped and go on: its signal is aborted with a Failure once it is used up. */
export class TimeLimit {
  readonly #clock: Clock;
  readonly #controller = new AbortController();
  readonly #failure: () => Failure;
  #leftMs: number;
  #since = 0;
  #timer: Timer | undefined;

  constructor(
    clock: Clock,
    options: { readonly ms: number; readonly failure: () => Failure },
  ) {
    this.#clock = clock;
    this.#leftMs = options.ms;
    this.#failure = options.failure;
    this.resume();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  pause(): void {
    if (this.#timer === undefined) return;
    this.#timer.cancel();
    this.#timer = undefined;
    this.#leftMs -= this.#clock.monotonic() - this.#since;
  }

  resume(): void {
    if (this.#timer !== undefined) return;
    this.#since = this.#clock.monotonic();
    const expire = () => this.#controller.abort(this.#failure());
    this.#timer = this.#clock.after(this.#leftMs, expire);
  }
}
