import type { Clock, Timer } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";

/** What came of one call at the relay's own address. */
export interface Call {
  /** Whether somebody accepted it; null when there was no descriptor to call with. */
  readonly isHeard: boolean | null;
  /** Descriptors that were free, where that was counted and they were few. */
  readonly spare: number | null;
}

export interface ListenerWatchOptions {
  /** Calls at the relay's own address. Never rejects. */
  readonly call: () => Promise<Call>;
  /** Whether the relay has many connections: descriptors may run short. */
  readonly isCrowded: () => boolean;
  /** Nobody accepts there: the sockets' worker is to look at its listener. */
  readonly unheard: () => void;
  /** Connections that the worker has accepted so far; NaN when it does not say. Never rejects. */
  readonly accepted: () => Promise<number>;
  /** Opening its listener anew did not help: nothing was accepted since. */
  readonly deaf: () => void;
  /** Too few descriptors are free in this process: fewer connections than now have to do. */
  readonly fewDescriptors: (spare: number) => void;
  /** Enough of them have been free for a while, after too few were. */
  readonly descriptorsAgain: () => void;
  readonly clock: Clock;
  readonly log: Logger;
}

const CALL_EVERY_MS = 2_000;
/** A relay at rest, whose listener hardly anything can make deaf: each call runs all that a client's does. */
const REST_MS = 30_000;
/** While something is wrong. */
const CALL_AGAIN_MS = 500;
/** Calls in a row that nobody heard, past which the worker is started again. */
const DEAF_AFTER_CALLS = 10;
/** Descriptors that were short are said to be there again after so many calls. */
const AGAIN_AFTER_CALLS = 10;

/** Calls at the relay's own listener now and then, as a client would: its worker can't hear that it is deaf. */
export class ListenerWatch {
  readonly #options: ListenerWatchOptions;
  #timer: Timer | null = null;
  #unheard = 0;
  #acceptedBefore = NaN;
  /** Calls since descriptors were short the last time. */
  #callsWithSpare = AGAIN_AFTER_CALLS;
  /** When the last call was made; -Infinity where it was not heard. */
  #heardAt = -Infinity;
  #isStopped = false;

  constructor(options: ListenerWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#schedule(CALL_EVERY_MS);
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }

  #schedule(ms: number): void {
    const { clock } = this.#options;
    this.#timer = clock.after(ms, () => void this.#round());
  }

  /** A crowd is looked for more often than called for, so that calls begin as soon as there is one. */
  get #mayRest(): boolean {
    const { clock, isCrowded } = this.#options;
    return this.#callsWithSpare >= AGAIN_AFTER_CALLS && !isCrowded() &&
      clock.monotonic() - this.#heardAt < REST_MS;
  }

  async #round(): Promise<void> {
    if (this.#mayRest) return this.#schedule(CALL_EVERY_MS);
    const { clock, call } = this.#options;
    const now = clock.monotonic();
    const outcome = await call();
    this.#heardAt = outcome.isHeard ? now : -Infinity;
    if (this.#isStopped) return;
    this.#lookAtDescriptors(outcome.spare);
    await this.#lookAtListener(outcome);
    if (this.#isStopped) return;
    this.#schedule(outcome.isHeard ? CALL_EVERY_MS : CALL_AGAIN_MS);
  }

  #lookAtDescriptors(spare: number | null): void {
    const { log, fewDescriptors, descriptorsAgain } = this.#options;
    const wasShort = this.#callsWithSpare < AGAIN_AFTER_CALLS;
    if (spare !== null) {
      if (!wasShort) {
        log.error("few file descriptors are free; raise ulimit -n", { spare });
      }
      this.#callsWithSpare = 0;
      return fewDescriptors(spare);
    }
    this.#callsWithSpare++;
    if (wasShort && this.#callsWithSpare === AGAIN_AFTER_CALLS) {
      log.info("file descriptors are free again");
      descriptorsAgain();
    }
  }

  async #lookAtListener({ isHeard }: Call): Promise<void> {
    const { unheard, deaf, accepted } = this.#options;
    if (isHeard === null) return;
    this.#unheard = isHeard ? 0 : this.#unheard + 1;
    if (isHeard) return;
    if (this.#unheard === 1) this.#acceptedBefore = await accepted();
    const isLate = this.#unheard % DEAF_AFTER_CALLS === 0;
    if (!isLate) return unheard();
    // One that accepts and is full again at once is in a flood: a new one would be too, and its members would be gone.
    const now = await accepted();
    if (now === this.#acceptedBefore) deaf();
    else unheard();
    this.#acceptedBefore = now;
  }
}
