import type { Entry } from "./send_queue.ts";

/**
 * Milliseconds until one of the sends is tried again or given up, 0 or less where that came due since the last look at all
 * of them began; entries are not empty.
 */
export function nextDue(
  entries: readonly Entry[],
  now: {
    readonly mono: number;
    readonly wall: number;
    /** Monotonic time at which the last look at all of them began: what was due by then waits for something else. */
    readonly looked: number;
  },
  queueForMs: number,
): number {
  const ahead = (at: number) => at > now.looked ? at - now.mono : Infinity;
  return entries.reduce((least, { send, notBefore, lookAt = 0 }) => {
    const end = send.createdAt + queueForMs - now.wall;
    return Math.min(least, end, ahead(notBefore), ahead(lookAt));
  }, Infinity);
}
