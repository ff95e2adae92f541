import type { LogEntry, OpBatch } from "../../relay/core/log/op.ts";

/** Between two places of the simulated log: one who makes up places between them breaks a rule. */
const APART = 1_000;

/** The simulated log, and the network before it, which loses, delays, reorders and doubles what relays publish. */
export class SimLog {
  readonly #entries: LogEntry[] = [];
  readonly #flying: OpBatch[] = [];
  /** How far the log's clock is ahead of the true one. */
  aheadMs = 0;

  get end(): number {
    return this.#entries.length * APART;
  }

  publish(batch: OpBatch): void {
    this.#flying.push(batch);
  }

  /** One of those on their way comes to the log; a copy may stay on its way. */
  land(which: number, time: number, { isKept }: { isKept: boolean }): void {
    const at = which % Math.max(1, this.#flying.length);
    const batch = this.#flying[at];
    if (batch === undefined) return;
    if (!isKept) this.#flying.splice(at, 1);
    this.#entries.push({
      position: (this.#entries.length + 1) * APART,
      at: time + this.aheadMs,
      // As data, as over the wire.
      batch: JSON.parse(JSON.stringify(batch)) as OpBatch,
    });
  }

  landAll(time: number): void {
    while (this.#flying.length > 0) this.land(0, time, { isKept: false });
  }

  lose(which: number): void {
    this.#flying.splice(which % (this.#flying.length + 1), 1);
  }

  /** So many entries behind a place. */
  after(position: number, count: number): readonly LogEntry[] {
    const from = position / APART;
    return this.#entries.slice(from, from + count);
  }
}
