/**
 * Two ways to yield to the event loop between slices of work. The plain
 * ones don't: with a slice of 10 ms, a request to a server in the same thread
 * took 600 ms over `setImmediate` and never ended over a MessageChannel, since
 * Deno then goes round without waiting for the network.
 */

/** For a thread with other work: the loop sleeps a moment, about 2 ms, in which sockets are served. */
export function yieldByTimer(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

const EMPTY = new Uint8Array();

/**
 * For a thread that only searches: a tenth of the time of `yieldByTimer`. Digesting
 * nothing is done on another thread, so the loop does wait, and reads its mail.
 */
export async function yieldByDigest(): Promise<void> {
  await crypto.subtle.digest("SHA-256", EMPTY);
}
