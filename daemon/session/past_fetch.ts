import type { Clock } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import type { Logger } from "../../lib/log.ts";
import { fetchFailed } from "./core/failure_events.ts";
import type { Room } from "./core/room.ts";
import type { RoomEvent } from "./core/session_events.ts";
import type { PastFetcher } from "./receive/past_fetcher.ts";
import type { Reconnect } from "./reconnect.ts";
import type { StoredState } from "./stored_state.ts";

export interface PastFetchOptions {
  readonly reconnect: Pick<Reconnect, "connection">;
  readonly pastFetcher: Pick<PastFetcher, "fetch">;
  readonly stored: Pick<StoredState, "failed">;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Fetches a room's past, once. What went by unheld is had again by it, unless it fails.
 *
 * @returns what came of it; null where there is no connection, or the signal ended it
 */
export async function fetchPast(
  room: Room,
  signal: AbortSignal,
  options: PastFetchOptions,
): Promise<RoomEvent | null> {
  const { reconnect: { connection }, pastFetcher } = options;
  if (connection === undefined) return null;
  const overflow = room.takeOverflow();
  let waitMs: number;
  try {
    waitMs = await pastFetcher.fetch(room, { connection, signal });
  } catch (error) {
    if (overflow) room.noteOverflow();
    if (signal.aborted) return null;
    return failed(room, Failure.from(error), options);
  }
  if (signal.aborted) return null;
  if (waitMs > 0) {
    if (overflow) room.noteOverflow();
    return { type: "fetch_paced", ms: waitMs };
  }
  room.wasFetched();
  return { type: "fetched" };
}

function failed(
  room: Room,
  failure: Failure,
  { clock, log, stored, reconnect: { connection } }: PastFetchOptions,
): RoomEvent {
  const { code } = failure;
  if (code === "FILE_TROUBLE") stored.failed(failure);
  const event = fetchFailed(room, failure, {
    now: clock.monotonic(),
    hasHistory: connection?.features.has("history") ?? false,
  });
  if (event.trouble === "final") {
    log.warn("no history to be had", { room: room.name, code });
  }
  return event;
}
