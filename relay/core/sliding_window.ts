export interface WindowOptions {
  /** Events allowed in any span; `Infinity` allows all and keeps nothing. */
  readonly most: number;
  readonly spanMs: number;
  /** Keys kept at most; past that the one that came first is forgotten. */
  readonly keys: number;
}

/** Counts events by key over a window that slides exactly: at most `most` in any span, however it is cut. */
export class SlidingWindow {
  readonly #options: WindowOptions;
  /** Times of the counted events of each key, ascending; at most `most` of them. */
  readonly #times = new Map<string, number[]>();

  constructor(options: WindowOptions) {
    this.#options = options;
  }

  /** How many keys are kept. */
  get size(): number {
    return this.#times.size;
  }

  /** Whole milliseconds until one more event of this key is allowed; 0 means now. `now` must never go back. */
  wait(key: string, now: number): number {
    const times = this.#times.get(key);
    if (times === undefined) {
      return this.#options.most >= 1 ? 0 : this.#options.spanMs;
    }
    this.#forget(times, now);
    if (times.length < this.#options.most) return 0;
    const oldest = times[0] ?? now;
    return Math.max(1, Math.ceil(oldest + this.#options.spanMs - now));
  }

  /** Events of this key that still count; 0 where none are kept. */
  counted(key: string, now: number): number {
    const times = this.#times.get(key);
    if (times === undefined) return 0;
    this.#forget(times, now);
    return times.length;
  }

  /** Counts one event. Only after {@link wait} said 0. */
  count(key: string, now: number): void {
    if (this.#options.most === Infinity) return;
    let times = this.#times.get(key);
    if (times === undefined) {
      this.#makeRoom();
      times = [];
      this.#times.set(key, times);
    }
    times.push(now);
  }

  /** Counts one event if it is allowed; otherwise says how long it must wait. */
  take(key: string, now: number): number {
    const wait = this.wait(key, now);
    if (wait === 0) this.count(key, now);
    return wait;
  }

  /** Drops the keys whose events are all past. */
  sweep(now: number): void {
    const edge = now - this.#options.spanMs;
    for (const [key, times] of this.#times) {
      if ((times.at(-1) ?? edge) <= edge) this.#times.delete(key);
    }
  }

  #forget(times: number[], now: number): void {
    const edge = now - this.#options.spanMs;
    let past = 0;
    while (past < times.length && (times[past] ?? now) <= edge) past++;
    if (past > 0) times.splice(0, past);
  }

  #makeRoom(): void {
    if (this.#times.size < this.#options.keys) return;
    const first = this.#times.keys().next();
    if (!first.done) this.#times.delete(first.value);
  }
}
