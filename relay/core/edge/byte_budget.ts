export interface BudgetOptions {
  /** Bytes in any span, and as many at once; `Infinity` allows all and keeps nothing. */
  readonly most: number;
  readonly spanMs: number;
  /** Keys kept at most; past that the one that came first is forgotten. */
  readonly keys: number;
}

interface Level {
  bytes: number;
  /** When it was so high; milliseconds. */
  at: number;
}

/** Counts bytes by key: a bucket that empties evenly (a leaky bucket as a meter, ITU-T I.371). */
export class ByteBudget {
  readonly #options: BudgetOptions;
  readonly #levels = new Map<string, Level>();

  constructor(options: BudgetOptions) {
    this.#options = options;
  }

  /** How many keys are kept. */
  get size(): number {
    return this.#levels.size;
  }

  /** Whole milliseconds until this key may have more; 0 means now. `now` must never go back. */
  wait(key: string, now: number): number {
    const { most, spanMs } = this.#options;
    const over = this.#level(key, now) - most;
    return over < 0 || most === Infinity
      ? 0
      : Math.max(1, Math.ceil(over * spanMs / most));
  }

  /** Counts what was given out, after {@link wait} said 0; its size need not be known before. */
  count(key: string, bytes: number, now: number): void {
    if (this.#options.most === Infinity) return;
    const level = this.#level(key, now) + bytes;
    this.#levels.delete(key);
    this.#makeRoom();
    this.#levels.set(key, { bytes: level, at: now });
  }

  /** Drops the keys whose buckets are empty. */
  sweep(now: number): void {
    for (const key of this.#levels.keys()) {
      if (this.#level(key, now) === 0) this.#levels.delete(key);
    }
  }

  #level(key: string, now: number): number {
    const level = this.#levels.get(key);
    if (level === undefined) return 0;
    const { most, spanMs } = this.#options;
    return Math.max(0, level.bytes - (now - level.at) * most / spanMs);
  }

  #makeRoom(): void {
    if (this.#levels.size < this.#options.keys) return;
    const first = this.#levels.keys().next();
    if (!first.done) this.#levels.delete(first.value);
  }
}
