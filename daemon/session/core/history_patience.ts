import type { Clock } from "../../../lib/clock.ts";
import type { Failure } from "../../../lib/errors.ts";
import type { Room } from "../rooms.ts";

/** Tries at a history that does not answer before it is called a gap. */
const MOST_TRIES = 3;
/** How long live messages wait for a history that is not to be had now; milliseconds. */
const MOST_HELD_MS = 25_000;

/** How long a room's history is tried again, and live messages wait for it, before what it holds is called a gap. */
export class HistoryPatience {
  readonly #clock: Clock;
  /** Times that a room's history did not answer. */
  readonly #tries = new Map<string, number>();
  /** Monotonic time at which a room in trouble was first seen to keep live messages waiting. */
  readonly #heldSince = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether one more failure of a room's history is one too many; a mailbox that can't be written is waited for. */
  isOver(room: Room, failure: Failure): boolean {
    if (failure.code === "FILE_TROUBLE") return false;
    if (this.hasHeldLong(room)) return true;
    if (failure.retryAfterMs !== undefined) return false;
    const tries = (this.#tries.get(room.name) ?? 0) + 1;
    this.#tries.set(room.name, tries);
    return tries >= MOST_TRIES;
  }

  /** Whether live messages have waited as long as they may, since this was first asked of them. */
  hasHeldLong({ name, held }: Room): boolean {
    if (held.length === 0) {
      this.#heldSince.delete(name);
      return false;
    }
    const now = this.#clock.monotonic();
    const since = this.#heldSince.get(name) ?? now;
    this.#heldSince.set(name, since);
    return now - since >= MOST_HELD_MS;
  }

  /** The room stands where the relay stands, or is left. */
  forget(name: string): void {
    this.#tries.delete(name);
    this.#heldSince.delete(name);
  }

  /** The connection is gone. */
  clear(): void {
    this.#tries.clear();
    this.#heldSince.clear();
  }
}
