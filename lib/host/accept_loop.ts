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

/**
 * Accepts connections until the listener is closed. Whatever accepting one fails with (no descriptor is free in the
 * process or the system, no buffer, the caller has gone: accept(2)) passes: it is said once, room is made, and it is
 * tried again.
 */
export async function acceptLoop(options: AcceptLoopOptions): Promise<void> {
  const { listener, take, makeRoom, isClosed, clock, log } = options;
  let failures = 0;
  while (!isClosed()) {
    try {
      const connection = await listener.accept();
      if (failures > 0) log.info("accepts connections again", { failures });
      failures = 0;
      take(connection);
    } catch (error) {
      if (isClosed()) return;
      if (failures++ === 0) {
        const reason = error instanceof Error ? error.message : String(error);
        log.error("can't accept connections", { reason });
      }
      if (!makeRoom()) await sleep(clock, pauseAfter(failures));
    }
  }
}

function pauseAfter(failures: number): number {
  return Math.min(MOST_PAUSE_MS, LEAST_PAUSE_MS * 2 ** Math.min(failures, 10));
}
