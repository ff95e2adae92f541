import { type Clock, pause } from "../../lib/clock.ts";
import type { Room } from "./core/room.ts";

/** How often it is looked whether live messages have waited long enough; milliseconds. */
const LOOK_EVERY_MS = 5_000;

/** The pause before a room's past is fetched again, in which live messages don't wait for ever. @returns how it ended */
export async function fetchPause(
  room: Room,
  { ms, mayGiveUp, clock, signal }: {
    readonly ms: number;
    readonly mayGiveUp: boolean;
    readonly clock: Clock;
    readonly signal: AbortSignal;
  },
): Promise<"fetch_due" | "waited_enough"> {
  for (let left = ms; left > 0 && !signal.aborted; left -= LOOK_EVERY_MS) {
    await pause(clock, { ms: Math.min(left, LOOK_EVERY_MS), signal });
    const isOver = mayGiveUp &&
      room.patience.hasHeldLong(room.held.length, clock.monotonic());
    if (isOver) return "waited_enough";
  }
  return "fetch_due";
}
