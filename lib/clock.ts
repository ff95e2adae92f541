/** A timer that can be taken back. */
export interface Timer {
  cancel(): void;
}

/** Time as a parameter: schedulers take one, rules take a plain `now`. */
export interface Clock {
  /** Wall clock: whole milliseconds since 1970, for protocol timestamps only; it jumps. */
  wall(): number;
  /** Milliseconds that never jump, for deadlines and limits; its zero means nothing. */
  monotonic(): number;
  /** Runs `action` once after `ms` milliseconds; longer than 24 days is cut to that. */
  after(ms: number, action: () => void): Timer;
}

/** A `setTimeout` beyond 2^31 - 1 ms fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The runtime's own clock. */
export const systemClock: Clock = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, action) => {
    const id = setTimeout(action, Math.min(Math.max(ms, 0), LONGEST_TIMER));
    return { cancel: () => clearTimeout(id) };
  },
};

/** Runs `action` once after so many milliseconds, unless the signal is aborted first. */
export function runLater(
  clock: Clock,
  { ms, signal }: { readonly ms: number; readonly signal: AbortSignal },
  action: () => void,
): void {
  if (signal.aborted) return;
  const cancel = () => timer.cancel();
  const timer = clock.after(ms, () => {
    signal.removeEventListener("abort", cancel);
    action();
  });
  signal.addEventListener("abort", cancel, { once: true });
}

/**
 * Waits on a clock.
 *
 * @throws the signal's reason when it is aborted first.
 */
export function sleep(
  clock: Clock,
  ms: number,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = clock.after(ms, () => {
      signal?.removeEventListener("abort", stop);
      resolve();
    });
    const stop = () => {
      timer.cancel();
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/** A pause that the signal ends early, which is no error. */
export async function pause(
  clock: Clock,
  { ms, signal }: { readonly ms: number; readonly signal: AbortSignal },
): Promise<void> {
  try {
    await sleep(clock, ms, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
