import {
  AdminApi,
  type AdminClientOptions,
} from "../../lib/admin_api/client.ts";
import { ADMIN_PROGRAM, type Pong } from "../../lib/admin_api/types.ts";
import type { Clock } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";

/** By what the relay of a data dir is found. */
export interface RunningRelayOptions {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly fetch: AdminClientOptions["fetch"];
  /** Rejects with an error of `Deno.errors`. */
  readonly readText: (path: string) => Promise<string>;
}

/** How long it has to answer, in milliseconds: there is hardly ever one, and what hangs there is another program. */
const ANSWER_MS = 3_000;

/**
 * Whether a relay runs that wrote the admin files of a data dir. They may be left from one that was killed, and
 * another program may have its port by now: only who takes the token of the files for its own is that relay.
 *
 * @throws {Failure} FILE_TROUBLE where the files are there and can't be read.
 */
export async function isRelayRunning(
  { dataDir, clock, fetch, readText }: RunningRelayOptions,
): Promise<boolean> {
  const api = new AdminApi({ dataDir, fetch, readTextFile: readText });
  const late = new AbortController();
  const timer = clock.after(ANSWER_MS, () => late.abort());
  try {
    return await Promise.race([ping(api, late.signal), ended(late)]);
  } finally {
    timer.cancel();
  }
}

async function ping(api: AdminApi, signal: AbortSignal): Promise<boolean> {
  try {
    const answer: Partial<Pong> | null = await api.act("ping", {}, signal);
    return answer?.program === ADMIN_PROGRAM;
  } catch (thrown) {
    const failure = Failure.from(thrown);
    if (failure.code === "FILE_TROUBLE") throw failure;
    // Whatever else it answers, it took the token: a relay of another version, or one with much to do.
    return failure.code !== "NO_RELAY";
  }
}

function ended({ signal }: AbortController): Promise<false> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(false));
  });
}
