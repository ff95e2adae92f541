import { sleep } from "../lib/clock.ts";
import type { ApiResponse, Fetch } from "../lib/local_api/client.ts";
import type { CliContext } from "./cli_context.ts";

/** A daemon as its data dir tells of it. */
export interface Daemon {
  /** Path of the lock. */
  readonly lock: string;
  /** `host:port`, asked each time. Rejects with a `Failure` NO_DAEMON when it has gone. */
  readonly address: () => Promise<string>;
}

/** How long a daemon that runs may take to listen again, and the pause between two tries; milliseconds. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 100;

/**
 * Requests to the daemon of a data dir. Where nobody listens though a daemon holds the lock, the part of it that answers
 * is just being started again: that is waited for. A request that found nobody has changed nothing.
 */
export function patientFetch(context: CliContext, daemon: Daemon): Fetch {
  return async (url, init) => {
    const until = context.clock.monotonic() + PATIENCE_MS;
    let place = url;
    for (;;) {
      const answer = await tryOnce(context, place, init);
      if (!(answer instanceof Error)) return answer;
      const isOver = context.clock.monotonic() >= until;
      if (isOver || !await context.isHeld(daemon.lock)) throw answer;
      await sleep(context.clock, PAUSE_MS, init.signal ?? undefined);
      place = at(url, await daemon.address());
    }
  };
}

/** It may listen on another port than before. */
function at(url: string, address: string): string {
  const moved = new URL(url);
  moved.host = address;
  return moved.href;
}

/** The answer, or the error where nobody listens. */
async function tryOnce(
  context: CliContext,
  url: string,
  init: RequestInit,
): Promise<ApiResponse | Error> {
  try {
    return await context.fetch(url, init);
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return error;
    throw error;
  }
}
