import type { Clock, Timer } from "../clock.ts";
import { Failure } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { Lock } from "./lock.ts";

export interface LockWatchOptions {
  /** Held. */
  readonly lock: Lock;
  /** Who holds such a lock, as the error names it; a daemon when nothing is said. */
  readonly program?: "daemon" | "relay";
  /** null when another process holds it. */
  readonly take: () => Promise<Lock | null>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Writes again what else it is found by. Rejects when that can't be done now. */
  readonly restore: () => Promise<void>;
  /** Another one has the data dir by now. */
  readonly lost: (failure: Failure) => void;
}

/** From one look at the lock's file to the next, in milliseconds. */
const LOOK_MS = 5_000;

/** A second start holds it for some seconds while it looks for who runs: only who holds it longer is another one. */
const MOST_REFUSED = 5;

/** Keeps a daemon or relay the only one of its data dir, and found: where somebody took its files away, they are made again. */
export class LockWatch {
  readonly #options: LockWatchOptions;
  #lock: Lock;
  #timer: Timer | undefined;
  #looking: Promise<void> = Promise.resolve();
  /** Looks in a row at which another process held the lock. */
  #refused = 0;
  #isTold = false;
  #isStopped = false;

  constructor(options: LockWatchOptions) {
    this.#options = options;
    this.#lock = options.lock;
    this.#wait();
  }

  /** Ends the watch, not the lock: resolves when nothing of it is under way, so that no file comes back. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    await this.#looking;
  }

  /** Lets go of the lock; after {@link stop}. */
  release(): void {
    this.#lock.release();
  }

  #wait(): void {
    this.#timer = this.#options.clock.after(LOOK_MS, () => {
      this.#looking = this.#look().then(() => {
        if (!this.#isStopped) this.#wait();
      });
    });
  }

  /** Never rejects: what can't be looked at now is looked at again. */
  async #look(): Promise<void> {
    try {
      if (await this.#lock.isNamed()) this.#refused = 0;
      else await this.#takeAgain();
      if (!this.#isStopped && this.#refused === 0) {
        await this.#options.restore();
      }
      this.#isTold = false;
    } catch (error) {
      if (this.#isTold || this.#isStopped) return;
      this.#isTold = true;
      const reason = Failure.from(error).message;
      this.#options.log.error("the lock can't be kept", { reason });
    }
  }

  async #takeAgain(): Promise<void> {
    const { take, log, lost, program } = this.#options;
    const again = await take();
    if (again === null) {
      if (++this.#refused < MOST_REFUSED) return;
      this.#isStopped = true;
      return lost(new Failure("DATA_DIR_TAKEN", { fields: { program } }));
    }
    this.#refused = 0;
    if (this.#isStopped) return again.release();
    this.#lock.release();
    this.#lock = again;
    log.warn("the lock's file was taken away, and is made again");
  }
}
