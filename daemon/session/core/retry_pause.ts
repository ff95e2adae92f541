import type { Failure } from "../../../lib/errors.ts";

/** A relay that says "at once" is not asked in a busy loop; one that says "in an hour" is asked before. Milliseconds. */
const LEAST_MS = 500;
const MOST_MS = 5 * 60_000;

/** How long to wait before the next try, in milliseconds: what the relay says within reason, else `otherwise`. */
export function retryPauseMs(failure: Failure, otherwise: number): number {
  const { retryAfterMs = otherwise } = failure;
  return Math.min(Math.max(retryAfterMs, LEAST_MS), MOST_MS);
}
