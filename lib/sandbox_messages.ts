/** What a supervised worker tells its keeper unasked, and the one thing that it is told (lib/sandbox.ts). */
export const BEAT = "sandbox.beat";
export const STOP = "sandbox.stop";

/** Whether a message is of this kind. */
export function isSandboxMessage(
  message: unknown,
  type: typeof BEAT | typeof STOP,
): boolean {
  return typeof message === "object" && message !== null &&
    (message as { type?: unknown }).type === type;
}

/** How often a worker says that it lives, in milliseconds. */
export const BEAT_MS = 1000;
