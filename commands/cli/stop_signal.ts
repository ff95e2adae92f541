import type { CliContext } from "./cli_context.ts";

/** Aborted when this process is asked to end, so that it ends as done; `off` leaves the signals alone again. */
export function stopSignal(
  context: CliContext,
): { readonly signal: AbortSignal; readonly off: () => void } {
  const stop = new AbortController();
  const quiet = (["SIGINT", "SIGTERM", "SIGHUP"] as const).map((signal) =>
    context.onSignal(signal, () => stop.abort())
  );
  return {
    signal: stop.signal,
    off: () => {
      for (const off of quiet) off();
    },
  };
}
