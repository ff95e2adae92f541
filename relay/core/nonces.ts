import { createHash } from "node:crypto";

/** Rows expire in steps of this many milliseconds, so that a whole step is dropped at once. */
const STEP_MS = 16_384;
/** A longer nonce is kept as its digest, so that a row's size doesn't depend on who made it. */
const PLAIN_LENGTH = 32;

/** Nonces in use, by agent, each kept until its frame's timestamp is too old to be taken again. */
export class NonceTable {
  readonly #most: number;
  readonly #steps = new Map<number, Set<string>>();
  #size = 0;

  /** @param most rows, of about 110 bytes each. */
  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#size;
  }

  has(agent: string, nonce: string): boolean {
    const key = rowKey(agent, nonce);
    for (const step of this.#steps.values()) {
      if (step.has(key)) return true;
    }
    return false;
  }

  /** Keeps a nonce until `expiresAt` (wall clock). False when the table is full. */
  add(agent: string, nonce: string, expiresAt: number): boolean {
    if (this.#size >= this.#most) return false;
    const index = Math.floor(expiresAt / STEP_MS);
    let step = this.#steps.get(index);
    if (step === undefined) this.#steps.set(index, step = new Set());
    this.#size -= step.size;
    step.add(rowKey(agent, nonce));
    this.#size += step.size;
    return true;
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
    this.#size -= this.#steps.get(index)?.size ?? 0;
    this.#steps.delete(index);
  }
}

function rowKey(agent: string, nonce: string): string {
  if (nonce.length <= PLAIN_LENGTH) return `${agent} ${nonce}`;
  const digest = createHash("sha256").update(nonce, "utf8").digest("base64");
  return `${agent} ${digest.slice(0, PLAIN_LENGTH)}`;
}
