import type { EffectQueue } from "../effects.ts";
import type { LogHealth } from "./log_health.ts";

/**
 * After so many entries the log's worker is told that they need no room any more: each word to it wakes its thread. They
 * are a quarter of what it lets be under way, where each is as large as a batch may be.
 */
const TOLD_EVERY = 16;

/** How far this relay has come with the log, and whether that is as far as the log went when it was opened. */
export class LogPlace {
  readonly #effects: EffectQueue;
  readonly #health: LogHealth;
  /** The last place that is applied or void, and the last that the log's worker was told of. */
  #position = 0;
  #told = 0;
  /** Where the log ended when it was opened; null once this relay has come so far. */
  #end: number | null = Infinity;

  constructor(effects: EffectQueue, health: LogHealth) {
    this.#effects = effects;
    this.#health = health;
  }

  get position(): number {
    return this.#position;
  }

  get isAtEnd(): boolean {
    return this.#end === null;
  }

  restore(position: number): void {
    this.#position = this.#told = position;
  }

  /** @param end the last place that the log has now. */
  opened(end: number): void {
    if (this.#end !== null) this.#end = end;
    this.#health.came(this.#position, this.#end);
  }

  /** An entry is applied, or void. */
  passed(position: number): void {
    this.#position = position;
    this.#health.came(position, this.#end);
    if (position - this.#told >= TOLD_EVERY) this.#tell();
  }

  /** @returns whether the log's end is reached with this. */
  reaches(): boolean {
    if (this.#end === null || this.#position < this.#end) return false;
    this.#health.came(this.#position, this.#end);
    this.#end = null;
    return true;
  }

  /** Few and large entries are told of by then. */
  tick(): void {
    if (this.#position > this.#told) this.#tell();
  }

  #tell(): void {
    this.#told = this.#position;
    const message = { type: "taken", position: this.#position } as const;
    this.#effects.add({ kind: "log", message });
  }
}
