import { type Clock, sleep } from "../clock.ts";
import type { Logger } from "../log.ts";

export interface AcceptLoopOptions {
  readonly listener: Pick<Deno.Listener, "accept">;
  readonly take: (connection: Deno.Conn) => void;
  /** Ends a connection that can be spared; false when there is none. */
  readonly makeRoom: () => boolean;
  /** Whether the listener was closed on purpose. */
  readonly isClosed: () => boolean;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Waits between two tries while connections can't be accepted, in milliseconds. */
const LEAST_PAUSE_MS = 50;
const MOST_PAUSE_MS = 1_000;
/** Until a connection that was ended has given its descriptor back. */
const ROOM_PAUSE_MS = 1;
/** A trouble that lasts is said so often, and is over after so long without one. */
const SAY_AGAIN_MS = 60_000;
const OVER_AFTER_MS = 5_000;

/**
 * Accepts connections until the listener is closed. Whatever accepting one fails with (no descriptor is free in the
 * process or the system, no buffer, the caller has gone: accept(2)) passes: it is said, room is made, and it is tried
 * again.
 */
export async function acceptLoop(options: AcceptLoopOptions): Promise<void> {
  const { listener, take, makeRoom, isClosed, clock } = options;
  const troubles = new Troubles(options);
  let inARow = 0;
  while (!isClosed()) {
    try {
      const connection = await listener.accept();
      inARow = 0;
      troubles.passed();
      take(connection);
    } catch (error) {
      if (isClosed()) return;
      troubles.failed(error);
      const hasRoom = makeRoom();
      await sleep(clock, hasRoom ? ROOM_PAUSE_MS : pauseAfter(++inARow));
    }
  }
}

function pauseAfter(failures: number): number {
  return Math.min(MOST_PAUSE_MS, LEAST_PAUSE_MS * 2 ** Math.min(failures, 10));
}

/** What is said of connections that could not be accepted: a flood of them is no reason to flood the log. */
class Troubles {
  readonly #clock: Clock;
  readonly #log: Logger;
  #failures = 0;
  #lastAt = 0;
  #silentUntil = -Infinity;

  constructor({ clock, log }: Pick<AcceptLoopOptions, "clock" | "log">) {
    this.#clock = clock;
    this.#log = log;
  }

  failed(error: unknown): void {
    this.#failures++;
    this.#lastAt = this.#clock.monotonic();
    if (this.#lastAt < this.#silentUntil) return;
    this.#silentUntil = this.#lastAt + SAY_AGAIN_MS;
    const reason = error instanceof Error ? error.message : String(error);
    this.#log.error("can't accept connections", {
      reason,
      failures: this.#failures,
    });
  }

  passed(): void {
    const isOver = this.#clock.monotonic() - this.#lastAt >= OVER_AFTER_MS;
    if (this.#failures === 0 || !isOver) return;
    this.#log.info("accepts connections again", { failures: this.#failures });
    this.#failures = 0;
    this.#silentUntil = -Infinity;
  }
}
