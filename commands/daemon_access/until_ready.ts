import { sleep } from "../../lib/clock.ts";
import { type ErrorCode, Failure } from "../../lib/errors.ts";
import type { RoomStatus, Status } from "../../lib/local_api/types/status.ts";
import type { CliContext } from "../cli/cli_context.ts";
import type { CommonFlags } from "../cli/flags.ts";
import { apiNow } from "./daemon_api.ts";

/** How long is waited, in milliseconds. */
export interface Patience {
  readonly timeoutMs: number;
  /** For rooms, once the relay is connected; as long as for it where it says nothing. */
  readonly roomsMs?: number;
}

/** Pause between two looks at the daemon on this machine, in milliseconds. */
const PAUSE_MS = 50;
/** A look may take at least so long, whatever is left, in milliseconds. */
const LEAST_LOOK_MS = 100;

/** What a daemon that is about to listen can look like. */
const NOT_YET: readonly ErrorCode[] = [
  "NO_DAEMON",
  "DAEMON_UNREACHED",
  "NOT_THE_DAEMON",
  "BAD_TOKEN",
  "NOT_READY",
];

/**
 * Waits until the daemon is connected, and its rooms are joined or were waited for long enough.
 *
 * @throws {Failure} NOT_READY, or what keeps the daemon from being asked.
 */
export async function untilReady(
  context: CliContext,
  flags: CommonFlags,
  { timeoutMs, roomsMs = Infinity }: Patience,
): Promise<Status> {
  const { clock } = context;
  const deadline = clock.monotonic() + timeoutMs;
  let roomsDeadline = Infinity;
  for (;;) {
    const seen = await look(context, flags, deadline - clock.monotonic());
    const now = clock.monotonic();
    if (!(seen instanceof Failure)) {
      if (seen.connected) {
        roomsDeadline = Math.min(roomsDeadline, now + roomsMs);
      }
      if (isReady(seen) || (seen.connected && now >= roomsDeadline)) {
        return seen;
      }
    }
    const left = deadline - now;
    if (left <= 0) {
      throw seen instanceof Failure ? seen : notReady(seen);
    }
    await sleep(clock, Math.min(PAUSE_MS, left));
  }
}

/** The status, or why there is none yet: a daemon that has just been started writes its token and address first. */
async function look(
  context: CliContext,
  flags: CommonFlags,
  leftMs: number,
): Promise<Status | Failure> {
  const late = new AbortController();
  const timer = context.clock.after(
    Math.max(leftMs, LEAST_LOOK_MS),
    () => late.abort(silent()),
  );
  try {
    return await (await apiNow(context, flags)).status({}, late.signal);
  } catch (thrown) {
    const failure = Failure.from(thrown);
    if (NOT_YET.includes(failure.code)) return failure;
    throw failure;
  } finally {
    timer.cancel();
  }
}

/** A daemon that listens, but answers nothing in the time given. */
function silent(): Failure {
  const reason = "it does not answer";
  return new Failure("NOT_READY", { fields: { reason } });
}

function notReady({ connected, state, reason, rooms }: Status): Failure {
  const why = connected
    ? `not joined: ${waitingRooms(rooms)}`
    : `${state}${reason === "" ? "" : `, ${reason}`}`;
  return new Failure("NOT_READY", { fields: { reason: why } });
}

function isReady({ connected, rooms }: Status): boolean {
  return connected && rooms.every(isInOrEnded);
}

/** A room that has ended may never be there again: it is shown, and not waited for. */
function isInOrEnded({ joined, state }: RoomStatus): boolean {
  return joined || state === "ended";
}

/** The rooms that wait to be joined, each with its reason; "" where none does. */
export function waitingRooms(rooms: readonly RoomStatus[]): string {
  return rooms.filter((room) => !isInOrEnded(room))
    .map(({ name, reason = "yet" }) => `#${name} (${reason})`).join(", ");
}
