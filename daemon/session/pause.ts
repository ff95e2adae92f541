import { type Clock, sleep } from "../../lib/clock.ts";

/** A pause that the signal ends early. */
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
