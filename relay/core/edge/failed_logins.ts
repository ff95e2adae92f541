import { BOUNDS } from "../settings.ts";
import { SlidingWindow } from "../sliding_window.ts";

const MINUTE_MS = 60_000;

/** Blocks an address for five minutes after its failed logins of one minute (protocol.md section 6). */
export class FailedLogins {
  readonly #most: number;
  readonly #window: SlidingWindow;
  /** Address → when its block ends; in order of that time, since all last equally long. */
  readonly #blocked = new Map<string, number>();

  /** @param most failures in a minute that block; `Infinity` never blocks. */
  constructor(most: number) {
    this.#most = most;
    this.#window = new SlidingWindow({
      most,
      spanMs: MINUTE_MS,
      keys: BOUNDS.limitKeys,
    });
  }

  /** Milliseconds that the address stays blocked; 0 when it isn't. */
  blockedFor(address: string, now: number): number {
    const until = this.#blocked.get(address);
    return until === undefined ? 0 : Math.max(0, Math.ceil(until - now));
  }

  /** Counts a bad signature or a bad proof of a login. */
  count(address: string, now: number): void {
    if (this.#most === Infinity || this.blockedFor(address, now) > 0) return;
    this.#window.take(address, now);
    if (this.#window.wait(address, now) === 0) return;
    this.#blocked.delete(address);
    this.#makeRoom();
    this.#blocked.set(address, now + BOUNDS.blockMs);
  }

  sweep(now: number): void {
    this.#window.sweep(now);
    for (const [address, until] of this.#blocked) {
      if (until <= now) this.#blocked.delete(address);
    }
  }

  get size(): number {
    return this.#window.size + this.#blocked.size;
  }

  #makeRoom(): void {
    if (this.#blocked.size < BOUNDS.blocked) return;
    const first = this.#blocked.keys().next();
    if (!first.done) this.#blocked.delete(first.value);
  }
}
