import { type Clock, sleep } from "../../lib/clock.ts";
import type { ApiResponse, Fetch } from "../../lib/local_api/client.ts";
import { Failure, httpStatusOf } from "../../lib/errors.ts";
import { CutOff } from "../../lib/local_api/cut_off.ts";
import type { DaemonPlace } from "../../lib/local_api/locate.ts";
import { Unproven } from "../../lib/local_api/unproven.ts";
import type { CliContext, LockState } from "../cli/cli_context.ts";
import { SUCCESSOR_MS } from "./successor.ts";

/** A daemon as its data dir tells of it. */
export interface Daemon {
  /** Path of the lock. */
  readonly lock: string;
  /** Asked each time. Rejects with a `Failure` NO_DAEMON when it has gone. */
  readonly place: () => Promise<DaemonPlace>;
  /** Its number where it was started, as its file says. */
  readonly pid: () => Promise<string>;
  /** How long one that takes its place may still take, in milliseconds; 0 where none does. */
  readonly successorMs: () => Promise<number>;
}

/** How long a daemon that runs may take to listen again, and the pause between two tries; milliseconds. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 100;
const HANDED_OVER = httpStatusOf("HANDED_OVER");
/** So often a question may be cut off. */
const MOST_CUTS = 3;

/**
 * Requests to the daemon of a data dir. A lock that nobody holds says that it was killed, and nobody is asked: another
 * program may have its port. (One without a file says nothing: somebody took it away.) Where nobody listens, or a
 * question is cut off, though a daemon holds the lock, the part of it that answers is just being started again: that is
 * waited for. So is a daemon that takes the place of another, also before it has the lock. A request that found nobody
 * has changed nothing, nor has one that found somebody else; one that was cut off may have, unless it was a question
 * (GET).
 */
export function patientFetch(context: CliContext, daemon: Daemon): Fetch {
  const { clock } = context;
  return async (url, init) => {
    const began = clock.monotonic();
    let until = began + PATIENCE_MS;
    let successorUntil = -Infinity;
    const lockIs = async (state: LockState) =>
      await context.lockState(daemon.lock) === state;
    const isAwaited = async (now: number) => {
      if (now < successorUntil || await lockIs("held")) return true;
      successorUntil = now + await daemon.successorMs();
      // It may have taken the lock meanwhile.
      return now < successorUntil || await lockIs("held");
    };
    if (await lockIs("free") && !await isAwaited(began)) throw nobody();
    let cuts = 0;
    let next: Asking = { url, init };
    for (;;) {
      const answer = await tryOnce(context, next);
      if (!(answer instanceof Error)) return answer;
      const now = clock.monotonic();
      if (answer instanceof HandedOver) successorUntil = now + SUCCESSOR_MS;
      // It was there until now. A question that is cut off each time may be what breaks it.
      const isCut = answer instanceof CutOff;
      if (isCut) until = now + PATIENCE_MS;
      if (isCut && ++cuts >= MOST_CUTS) throw answer;
      if (!await isAwaited(now)) {
        // It ended with our connection, and proved nothing any more.
        const hasEnded = answer instanceof Unproven && await lockIs("free");
        throw hasEnded ? nobody(answer) : answer;
      }
      const isOver = now >= Math.max(until, successorUntil);
      const { url: asked } = next;
      const unreached = () => unreachedBy(answer, asked, daemon);
      if (isOver) throw await unreached();
      await pause(clock, { init, unreached });
      const place = await placeOf(daemon);
      const goneMs = clock.monotonic() - began;
      if (place !== null) next = again({ url, init }, { place, goneMs });
    }
  };
}

/** A request as it goes out. */
interface Asking {
  readonly url: string;
  readonly init: RequestInit;
}

/** Another daemon takes the place of the one that was asked, and may be asked the same. */
class HandedOver extends Error {
  override readonly name = "HandedOver";
}

/** No daemon runs, whoever has its port by now. */
function nobody(cause?: Error): Error {
  return new Deno.errors.ConnectionRefused("nobody holds the lock", { cause });
}

/** Null between two daemons, while neither tells where it is. */
async function placeOf(daemon: Daemon): Promise<DaemonPlace | null> {
  try {
    return await daemon.place();
  } catch (thrown) {
    if (Failure.from(thrown).code === "NO_DAEMON") return null;
    throw thrown;
  }
}

/** What holds the lock can't be found where it said that it listens: it has another network, or hangs. */
async function unreachedBy(
  error: Error,
  url: string,
  { pid }: Daemon,
): Promise<Error> {
  const who = error instanceof Deno.errors.ConnectionRefused
    ? "nobody"
    : error instanceof Unproven
    ? "another program"
    : null;
  if (who === null) return error;
  const { host: address } = new URL(url);
  const fields = { who, address, pid: await pid() };
  return new Failure("DAEMON_UNREACHED", { fields, cause: error });
}

/** Until the next try. Where the time of the whole question is over by then, the last try tells why. */
async function pause(
  clock: Clock,
  { init, unreached }: {
    readonly init: RequestInit;
    readonly unreached: () => Promise<Error>;
  },
): Promise<void> {
  const { signal } = init;
  try {
    await sleep(clock, PAUSE_MS, signal ?? undefined);
  } catch (error) {
    const isLate = error instanceof DOMException &&
      error.name === "TimeoutError";
    throw isLate ? await unreached() : error;
  }
}

/** The same request: the daemon may have another port and token than before, and what was to wait has waited. */
function again(
  { url, init }: Asking,
  { place, goneMs }: { readonly place: DaemonPlace; readonly goneMs: number },
): Asking {
  const moved = new URL(url);
  moved.host = place.address;
  const waitMs = Number(moved.searchParams.get("wait_ms") ?? "");
  if (waitMs > 0) {
    const left = Math.max(1, Math.round(waitMs - goneMs));
    moved.searchParams.set("wait_ms", `${left}`);
  }
  const headers = {
    ...init.headers as Record<string, string>,
    authorization: `Bearer ${place.token}`,
  };
  return { url: moved.href, init: { ...init, headers } };
}

/** The answer, or the error after which it may be asked again. */
async function tryOnce(
  context: CliContext,
  { url, init }: Asking,
): Promise<ApiResponse | Error> {
  try {
    const answer = await context.fetch(url, init);
    const isMoved = init.method === "GET" &&
      answer.status === HANDED_OVER;
    return isMoved ? new HandedOver() : answer;
  } catch (error) {
    const isRepeatable = error instanceof Deno.errors.ConnectionRefused ||
      error instanceof Unproven ||
      error instanceof CutOff && init.method === "GET";
    if (isRepeatable) return error;
    throw error;
  }
}
