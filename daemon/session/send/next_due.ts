import type { Entry } from "./send_queue.ts";

/** Milliseconds until one of the sends is tried again or given up; entries are not empty. */
export function nextDue(
  entries: readonly Entry[],
  now: { readonly mono: number; readonly wall: number },
  queueForMs: number,
): number {
  const ahead = (at: number) => at > now.mono ? at - now.mono : Infinity;
  return entries.reduce((least, { send, notBefore, lookAt = 0 }) => {
    const end = send.createdAt + queueForMs - now.wall;
    return Math.min(least, end, ahead(notBefore), ahead(lookAt));
  }, Infinity);
}
