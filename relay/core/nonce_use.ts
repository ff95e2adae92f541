import type { Signed } from "../../lib/protocol/frames.ts";
import { TIMES } from "../../lib/protocol/limits.ts";
import type { StoreNonces } from "../store/contract.ts";
import { NonceTable } from "./nonces.ts";
import type { Refusal } from "./replies.ts";
import { BOUNDS } from "./settings.ts";

type NonceRow = StoreNonces["nonces"][number];

/** Time and nonce of signed frames (protocol.md section 4): each is taken once while its timestamp is valid. */
export class NonceUse {
  readonly #kept = new NonceTable(BOUNDS.nonces);
  /** Nonces of messages, which (from, id) protects too, and of hellos on their way: here the oldest may go. */
  readonly #light = new NonceTable(BOUNDS.nonces);
  readonly #store: (write: Omit<StoreNonces, "token">) => void;

  /** @param store keeps nonces beyond a restart. */
  constructor(store: (write: Omit<StoreNonces, "token">) => void) {
    this.#store = store;
  }

  get size(): number {
    return this.#kept.size + this.#light.size;
  }

  /** @param wall the time now. */
  check(agent: string, frame: Signed, wall: number): Refusal | null {
    const age = wall - frame.timestamp;
    if (age > TIMES.timestampPast) return refused("the timestamp is too old");
    if (age < -TIMES.timestampAhead) {
      return refused("the timestamp is ahead of the relay's clock");
    }
    const used = this.#kept.has(agent, frame.nonce) ||
      this.#light.has(agent, frame.nonce);
    return used ? refused("the nonce was used already") : null;
  }

  /** Takes the nonce of an operation, here and on disk; a refusal when the table is full. */
  keep(agent: string, frame: Signed): Refusal | null {
    const expires_at = frame.timestamp + TIMES.timestampPast;
    if (!this.#kept.add(agent, frame.nonce, expires_at)) {
      const message = "the relay has no room for more operations just now";
      return { code: "RATE_LIMITED", message, retryAfterMs: STEP_WAIT_MS };
    }
    const row: NonceRow = { agent, nonce: frame.nonce, expires_at };
    this.#store({ kind: "nonces", nonces: [row] });
    return null;
  }

  /** Takes the nonce of a message or of a hello that is not proven yet: in memory, and never refused. */
  note(agent: string, frame: Signed): void {
    const expiresAt = frame.timestamp + TIMES.timestampPast;
    if (this.#light.add(agent, frame.nonce, expiresAt)) return;
    this.#light.dropOldest();
    this.#light.add(agent, frame.nonce, expiresAt);
  }

  /** Takes over what was on disk at start. */
  restore(rows: readonly NonceRow[]): void {
    for (const { agent, nonce, expires_at } of rows) {
      this.#kept.add(agent, nonce, expires_at);
    }
  }

  sweep(wall: number): void {
    this.#kept.sweep(wall);
    this.#light.sweep(wall);
  }
}

/** A full table has free rows again after about this long. */
const STEP_WAIT_MS = 16_000;

function refused(message: string): Refusal {
  return { code: "AUTH_FAILED", message };
}
