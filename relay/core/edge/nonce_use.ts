import type { Signed } from "../../../lib/protocol/frames.ts";
import { TIMES } from "../../../lib/protocol/limits.ts";
import { SteadyTime } from "../../../lib/steady_time.ts";
import type { StoreNonces } from "../../store/contract.ts";
import type { Now } from "../events.ts";
import { NonceTable, STEP_MS } from "./nonces.ts";
import type { Refusal } from "../replies.ts";
import { BOUNDS } from "../settings.ts";

type Stamp = Pick<Signed, "nonce" | "timestamp">;
type NonceRow = StoreNonces["nonces"][number];
/** Keeps a nonce beyond a restart. */
export type StoreNonce = (row: NonceRow) => void;

/** Time and nonce of signed frames (protocol.md section 4): each is taken once while its timestamp is valid. */
export class NonceUse {
  readonly #kept = new NonceTable(BOUNDS.nonces);
  /** Nonces of messages, which (from, id) protects too, and of hellos on their way: here the oldest may go. */
  readonly #light = new NonceTable(BOUNDS.nonces);
  readonly #store: StoreNonce;
  readonly #time = new SteadyTime(CLOCK_LASTS_MS);
  /** Kept nonces that expire before it may have been forgotten: frames so old are taken no more. Wall clock. */
  #floor = 0;

  constructor(store: StoreNonce) {
    this.#store = store;
  }

  get size(): number {
    return this.#kept.size + this.#light.size;
  }

  /** @param wall the time now. */
  check(agent: string, frame: Signed, wall: number): Refusal | null {
    const age = wall - frame.timestamp;
    if (age > TIMES.timestampPast || expiryOf(frame) < this.#floor) {
      return refused("the timestamp is too old");
    }
    if (age < -TIMES.timestampAhead) {
      return refused("the timestamp is ahead of the relay's clock");
    }
    const used = this.#kept.has(agent, frame.nonce) ||
      this.#light.has(agent, frame.nonce);
    return used ? refused("the nonce was used already") : null;
  }

  /**
   * Takes the nonce of an operation, here and on disk; a refusal when the agent has its share of the table. A full
   * table shuts nobody out: the oldest nonces go, and with them the frames that are as old.
   */
  keep(agent: string, frame: Signed, wall: number): Refusal | null {
    const expires_at = expiryOf(frame);
    if (this.#kept.countOf(agent) >= BOUNDS.noncesPerAgent) {
      return full("this agent has too many operations just now");
    }
    while (!this.#kept.add(agent, frame.nonce, expires_at)) {
      if (!this.#forgetOldest(wall)) {
        return full("the relay has no room for more operations just now");
      }
    }
    this.#store({ agent, nonce: frame.nonce, expires_at });
    return null;
  }

  /** Takes the nonce of a message or of a hello that is not proven yet: in memory, and never refused. */
  note(agent: string, frame: Stamp): void {
    const expiresAt = expiryOf(frame);
    if (this.#light.add(agent, frame.nonce, expiresAt)) return;
    this.#light.dropOldest();
    this.#light.add(agent, frame.nonce, expiresAt);
  }

  /** Takes over what was on disk at start. Of more rows than the table holds, the store gave the newest. */
  restore(rows: readonly NonceRow[]): void {
    for (const { agent, nonce, expires_at } of rows) {
      this.#kept.add(agent, nonce, expires_at);
    }
    if (rows.length < BOUNDS.nonces) return;
    const oldest = rows.reduce(
      (least, { expires_at }) => Math.min(least, expires_at),
      Infinity,
    );
    this.#floor = oldest + 1;
  }

  /** A clock that jumps ahead for a moment must not make the relay forget what is valid again when it is back. */
  sweep(now: Now): void {
    const wall = this.#time.at(now.wall, now.mono);
    if (wall === null) return;
    this.#kept.sweep(wall);
    this.#light.sweep(wall);
  }

  /** Whether the oldest nonces could go without refusing frames of clocks that are nearly right. */
  #forgetOldest(wall: number): boolean {
    const until = this.#kept.oldestUntil;
    if (
      until === undefined ||
      until - TIMES.timestampPast > wall - CLOCK_BEHIND_MS
    ) return false;
    this.#kept.dropOldest();
    this.#floor = Math.max(this.#floor, until);
    return true;
  }
}

/** So far an agent's clock may always be behind the relay's. */
const CLOCK_BEHIND_MS = 10_000;
/** A clock that jumped is believed after so long: by then what was valid before is too old, should it go back. */
const CLOCK_LASTS_MS = 2 * TIMES.timestampPast;

function expiryOf(frame: Stamp): number {
  return frame.timestamp + TIMES.timestampPast;
}

/** A full table has free rows again after about one of its steps. */
function full(message: string): Refusal {
  return { code: "RATE_LIMITED", message, retryAfterMs: STEP_MS };
}

function refused(message: string): Refusal {
  return { code: "AUTH_FAILED", message };
}
