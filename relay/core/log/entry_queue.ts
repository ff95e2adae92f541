import type { LogEntry } from "./op.ts";

/** Entries of the log that wait to be applied, in order. */
export class EntryQueue {
  #entries: LogEntry[] = [];
  #next = 0;

  get length(): number {
    return this.#entries.length - this.#next;
  }

  add(entries: readonly LogEntry[]): void {
    if (this.#next > 0) {
      this.#entries = this.#entries.slice(this.#next);
      this.#next = 0;
    }
    this.#entries.push(...entries);
  }

  /** The next that {@link EntryQueue.shift} gives. */
  get first(): LogEntry | undefined {
    return this.#entries[this.#next];
  }

  shift(): LogEntry | undefined {
    const entry = this.#entries[this.#next++];
    if (this.length <= 0) {
      this.#entries = [];
      this.#next = 0;
    }
    return entry;
  }
}
