import type { Entry } from "./send_queue.ts";

/** Milliseconds until one of the sends is tried again or given up; entries are not empty. */
export function nextDue(
  entries: readonly Entry[],
  now: { readonly mono: number; readonly wall: number },
  queueForMs: number,
): number {
  return entries.reduce((least, { send, notBefore }) => {
    const again = notBefore - now.mono;
    const end = send.createdAt + queueForMs - now.wall;
    return Math.min(least, end, again > 0 ? again : Infinity);
  }, Infinity);
}
