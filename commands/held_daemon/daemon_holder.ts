import { aborted } from "../../lib/aborted.ts";
import { type Clock, sleep } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";

/** How a daemon in this process came to its end, or why there is none: another process had the data dir first. */
export type HoldEnd = "stopped" | "handed over" | "signal" | "another runs";

export interface HolderOptions {
  readonly clock: Clock;
  /** Whether a process has the lock of the data dir. */
  readonly isHeld: () => Promise<boolean>;
  /** Whether somebody wants that no daemon runs. */
  readonly isUnwanted: () => Promise<boolean>;
  /** Runs a daemon here; calls `up` once it can be asked. Rejects with a `Failure` when it can't start or go on. */
  readonly hold: (up: () => void) => Promise<HoldEnd>;
  /** Waits until the one that was just started is connected, as long as is reasonable. */
  readonly untilConnected: () => Promise<void>;
  /** Told why a daemon that was up here could not go on; why none can start, who asks is told. */
  readonly onTrouble: (failure: Failure) => void;
  /** Aborted when this process ends; `hold` then ends by itself. */
  readonly signal: AbortSignal;
}

/** Pause between two looks whether a daemon runs, in milliseconds: small, as it is one lock that is tried. */
const LOOK_MS = 2_000;
/** How long the one that asked for the place may take to take it, and the pause between two looks; milliseconds. */
const SUCCESSOR_MS = 15_000;
const SUCCESSOR_LOOK_MS = 100;
/** After a start that failed, another is tried so much later, in milliseconds. */
const RETRY_MS = 5_000;

/**
 * Sees to it that a daemon runs for a data dir as long as this process does: it is held here whenever no other
 * process holds one. Not after a daemon was told to stop; a holder that has seen none yet starts one all the same.
 */
export class DaemonHolder {
  readonly #options: HolderOptions;
  /** The daemon in this process. */
  #held: Promise<void> | null = null;
  #looking: Promise<void> | null = null;
  #isUp = false;
  #hasSeenOne = false;
  /** Monotonic time until which whoever asked for the place is waited for. */
  #successorUntil = -Infinity;
  #trouble: Trouble | null = null;

  constructor(options: HolderOptions) {
    this.#options = options;
  }

  /** Looks after the daemon until the signal is aborted and the one that runs here has ended. */
  async run(): Promise<void> {
    const { clock, signal } = this.#options;
    while (!signal.aborted) {
      await this.#lookQuietly();
      await sleep(clock, LOOK_MS, signal).catch((thrown) => {
        if (!signal.aborted) throw thrown;
      });
    }
    await this.#lookQuietly();
    await this.#held;
  }

  /** What keeps a daemon from running is told to those who want to ask it. */
  async #lookQuietly(): Promise<void> {
    try {
      await this.ready();
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
    }
  }

  /**
   * Returns when a daemon can be asked, here or elsewhere, and when none is wanted: who asks is told so then. One that
   * is started for that gets the time to connect.
   *
   * @throws {Failure} why none can run here, where none runs elsewhere.
   */
  ready(): Promise<void> {
    return this.#looking ??= this.#look().catch((thrown) => {
      throw Failure.from(thrown);
    }).finally(() => this.#looking = null);
  }

  async #look(): Promise<void> {
    const { isHeld, isUnwanted, clock, signal } = this.#options;
    if (this.#held !== null || signal.aborted) return;
    while (!await isHeld()) {
      if (signal.aborted) return;
      if (clock.monotonic() < this.#successorUntil) {
        await sleep(clock, SUCCESSOR_LOOK_MS);
        continue;
      }
      if (this.#hasSeenOne && await isUnwanted()) return;
      return await this.#hold();
    }
    this.#sawOne();
  }

  async #hold(): Promise<void> {
    const { hold, untilConnected, clock, signal } = this.#options;
    if (this.#trouble !== null && clock.monotonic() < this.#trouble.until) {
      throw this.#trouble.failure;
    }
    const up = Promise.withResolvers<boolean>();
    this.#held = hold(() => {
      this.#isUp = true;
      this.#sawOne();
      up.resolve(true);
    }).then(
      (end) => this.#ended(end),
      (thrown) => up.reject(this.#failed(Failure.from(thrown))),
    ).finally(() => {
      this.#held = null;
      up.resolve(false);
    });
    if (!await up.promise) return;
    await Promise.race([untilConnected(), aborted(signal)]);
  }

  #sawOne(): void {
    this.#hasSeenOne = true;
    this.#successorUntil = -Infinity;
    this.#trouble = null;
  }

  #ended(end: HoldEnd): void {
    this.#isUp = false;
    this.#sawOne();
    if (end !== "handed over") return;
    const { clock } = this.#options;
    this.#successorUntil = clock.monotonic() + SUCCESSOR_MS;
  }

  #failed(failure: Failure): Failure {
    if (this.#isUp) this.#options.onTrouble(failure);
    this.#isUp = false;
    const until = this.#options.clock.monotonic() + RETRY_MS;
    this.#trouble = { failure, until };
    return failure;
  }
}

interface Trouble {
  readonly failure: Failure;
  /** Monotonic time. */
  readonly until: number;
}
