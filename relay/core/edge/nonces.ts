import { createHash } from "node:crypto";

/** Rows expire in steps of this many milliseconds, so that a whole step is dropped at once. */
export const STEP_MS = 16_384;
/** A longer nonce is kept as its digest, so that a row's size doesn't depend on who made it. */
const PLAIN_LENGTH = 32;

/** The nonces that expire within one step, and how many of them each agent has. */
class Step {
  readonly rows = new Set<string>();
  readonly byAgent = new Map<string, number>();

  /** Whether the row is a new one. */
  add(agent: string, row: string): boolean {
    const before = this.rows.size;
    if (this.rows.add(row).size === before) return false;
    this.byAgent.set(agent, (this.byAgent.get(agent) ?? 0) + 1);
    return true;
  }
}

/** Nonces in use, by agent, each kept until its frame's timestamp is too old to be taken again. */
export class NonceTable {
  readonly #most: number;
  readonly #steps = new Map<number, Step>();
  #size = 0;

  /** @param most rows, of about 110 bytes each. */
  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#size;
  }

  /** Rows of one agent. */
  countOf(agent: string): number {
    let count = 0;
    for (const { byAgent } of this.#steps.values()) {
      count += byAgent.get(agent) ?? 0;
    }
    return count;
  }

  has(agent: string, nonce: string): boolean {
    const row = rowOf(agent, nonce);
    for (const { rows } of this.#steps.values()) {
      if (rows.has(row)) return true;
    }
    return false;
  }

  /** Keeps a nonce until `expiresAt` (wall clock). False when the table is full. */
  add(agent: string, nonce: string, expiresAt: number): boolean {
    if (this.#size >= this.#most) return false;
    const index = Math.floor(expiresAt / STEP_MS);
    let step = this.#steps.get(index);
    if (step === undefined) this.#steps.set(index, step = new Step());
    if (step.add(agent, rowOf(agent, nonce))) this.#size++;
    return true;
  }

  /** Until when (wall clock) the rows of the step that expires first are kept; undefined for an empty table. */
  get oldestUntil(): number | undefined {
    return this.#steps.size === 0
      ? undefined
      : (Math.min(...this.#steps.keys()) + 1) * STEP_MS;
  }

  /** Drops the step that expires first: for a table that would rather forget than refuse. */
  dropOldest(): void {
    if (this.#steps.size > 0) this.#drop(Math.min(...this.#steps.keys()));
  }

  /** Drops what has expired by `now` (wall clock). */
  sweep(now: number): void {
    for (const index of this.#steps.keys()) {
      if ((index + 1) * STEP_MS <= now) this.#drop(index);
    }
  }

  #drop(index: number): void {
    this.#size -= this.#steps.get(index)?.rows.size ?? 0;
    this.#steps.delete(index);
  }
}

function rowOf(agent: string, nonce: string): string {
  if (nonce.length <= PLAIN_LENGTH) return `${agent} ${nonce}`;
  const digest = createHash("sha256").update(nonce, "utf8").digest("base64");
  return `${agent} ${digest.slice(0, PLAIN_LENGTH)}`;
}
