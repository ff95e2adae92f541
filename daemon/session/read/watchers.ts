import type { Clock } from "../../../lib/clock.ts";

/** A request of a watcher that waits: itself is what tells it from a newer one. */
export interface WaitingRequest {
  /** Whether anybody's message wakes it. */
  readonly canWake: boolean;
}

/** A watcher that asks again and again counts as there in between; milliseconds. */
const BETWEEN_WAITS_MS = 60_000;

/** Who waits to wake this agent's model: watchers, and reads that wait for messages. */
export class Watchers {
  readonly #clock: Clock;
  readonly #changed: () => void;
  /** The newest request of each watcher that waits. */
  readonly #newest = new Map<string, WaitingRequest>();
  /** Reads that wait for messages: who makes one hears what comes. */
  #reads = 0;
  /** Monotonic: when the last that waited was answered. */
  #waitedAt = -Infinity;

  /** @param changed called when {@link isThere} may be another */
  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  /** Whether somebody waits, or will again in a moment. */
  get isThere(): boolean {
    return this.#reads > 0 ||
      [...this.#newest.values()].some(({ canWake }) => canWake) ||
      this.#clock.monotonic() - this.#waitedAt < BETWEEN_WAITS_MS;
  }

  /** @returns whether an older request of the watcher waits, which is to end. */
  begins(watcher: string, request: WaitingRequest): boolean {
    const isNew = !this.#newest.has(watcher);
    this.#newest.set(watcher, request);
    this.#changed();
    return !isNew;
  }

  /** Whether it is the newest of its watcher. */
  isNewest(watcher: string, request: WaitingRequest): boolean {
    return this.#newest.get(watcher) === request;
  }

  /** The newest request of its watcher is answered. */
  ends(watcher: string, { canWake }: WaitingRequest): void {
    this.#newest.delete(watcher);
    if (canWake) this.#answered();
  }

  /** A read that waits, to its end. */
  async reading<Page>(read: () => Promise<Page>): Promise<Page> {
    this.#reads++;
    this.#changed();
    try {
      return await read();
    } finally {
      this.#reads--;
      this.#answered();
    }
  }

  /** Whoever waited asks again, or does not for a while. */
  #answered(): void {
    this.#waitedAt = this.#clock.monotonic();
    this.#changed();
    this.#clock.after(BETWEEN_WAITS_MS, this.#changed);
  }
}
