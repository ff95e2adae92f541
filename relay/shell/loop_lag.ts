import type { Clock, Timer } from "../../lib/clock.ts";

/** Between two looks while there is work, and at rest. */
const WORK_MS = 100;
const REST_MS = 1_000;
/** Looks without any work, after which it rests. */
const QUIET_LOOKS = 10;
const KEPT_MS = 60_000;

interface Look {
  /** When it was made, and how late. */
  readonly at: number;
  readonly late: number;
}

/**
 * How late timers run: what every peer waits for when something blocks the event loop. At rest it looks seldom: ten
 * timers a second are work of their own, for which the engine compiles what they run.
 */
export class LoopLag {
  readonly #clock: Clock;
  readonly #looks: Look[] = [];
  #timer: Timer | null = null;
  #due = Infinity;
  /** Looks since there was work. */
  #quiet = QUIET_LOOKS;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  start(): void {
    this.#schedule();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  /** There is work: it looks often from now on, until there was none for a second. */
  worked(): void {
    const wasResting = this.#quiet >= QUIET_LOOKS;
    this.#quiet = 0;
    if (!wasResting || this.#timer === null) return;
    this.#timer.cancel();
    this.#look();
  }

  /** The worst of the last minute, in milliseconds. */
  get most(): number {
    return this.#looks.reduce((most, { late }) => Math.max(most, late), 0);
  }

  #schedule(): void {
    const wait = this.#quiet < QUIET_LOOKS ? WORK_MS : REST_MS;
    this.#due = this.#clock.monotonic() + wait;
    this.#timer = this.#clock.after(wait, () => this.#look());
  }

  #look(): void {
    const at = this.#clock.monotonic();
    this.#looks.push({ at, late: Math.max(0, at - this.#due) });
    this.#quiet++;
    while ((this.#looks[0]?.at ?? at) <= at - KEPT_MS) this.#looks.shift();
    this.#schedule();
  }
}
