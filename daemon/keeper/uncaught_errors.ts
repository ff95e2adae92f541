import type { Logger } from "../../lib/log.ts";

/** The part of a thread's global scope that is needed here. */
export type ErrorScope = Pick<
  EventTarget,
  "addEventListener" | "removeEventListener"
>;

const EVENTS = ["error", "unhandledrejection"] as const;

/**
 * Keeps a thread alive past an error that nobody caught, and says it in the log: without this the runtime ends the
 * process. The returned function takes the net away.
 */
export function catchUncaughtErrors(
  scope: ErrorScope,
  log: Logger,
): () => void {
  const caught = (event: Event) => {
    event.preventDefault();
    log.error("uncaught", { reason: reasonOf(event) });
  };
  for (const name of EVENTS) scope.addEventListener(name, caught);
  return () => {
    for (const name of EVENTS) scope.removeEventListener(name, caught);
  };
}

function reasonOf(event: Event): string {
  const { error, reason } = event as { error?: unknown; reason?: unknown };
  const thrown = error ?? reason;
  return thrown instanceof Error
    ? thrown.stack ?? thrown.message
    : String(thrown);
}
