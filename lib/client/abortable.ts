/**
 * Waits for a promise, but no longer than until the signal is aborted: then rejects with its reason, and what the
 * promise comes to is dropped.
 */
export function abortable<T>(
  promise: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    const done = () => signal.removeEventListener("abort", stop);
    promise.finally(done).then(resolve, reject);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
