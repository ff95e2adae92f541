import type { Failure } from "../../../lib/errors.ts";
import { retryPauseMs } from "./retry_pause.ts";
import type { Room } from "./room.ts";
import type { RoomEvent } from "./session_events.ts";

/** From a refusal without a time of its own to the next try; milliseconds. */
const ENTER_AGAIN_MS = 30_000;
/** The same where no answer came: one that is late is taken when it comes, and joining twice is no harm. */
const ENTER_UNANSWERED_MS = 5_000;
/** From a failed try at a history to the next, where nothing else is said; milliseconds. */
const FETCH_AGAIN_MS = 10_000;

/** Whether entering a room means making it anew: it has ended, and this agent made it, or it is its turn. */
export const isMadeAnew = (room: Room): boolean =>
  room.ended !== undefined && (room.createdHere || room.seeking.isOurTurn);

/** What the relay was asked for, to have us in a room. */
export type EntryAsked = "join" | "create";

/** What it means that the relay does not let us in. */
export function entryFailed(failure: Failure, asked: EntryAsked): RoomEvent {
  const { code, message, retryAfterMs } = failure;
  if (code === "ROOM_NOT_FOUND") return { type: "not_found" };
  const pause = code === "OUTCOME_UNKNOWN"
    ? ENTER_UNANSWERED_MS
    : ENTER_AGAIN_MS;
  return {
    type: "refused",
    reason: `${message}; trying again`,
    ms: retryPauseMs(failure, pause),
    // A limit on joining is the connection's; one on making rooms keeps no other room out.
    forAll: retryAfterMs !== undefined && asked === "join",
  };
}

/**
 * What it means that a room's past could not be fetched: a passing trouble is waited out within the room's patience, what
 * the relay won't give is a gap.
 *
 * @param now monotonic milliseconds
 */
export function fetchFailed(
  room: Room,
  failure: Failure,
  { now, hasHistory }: {
    readonly now: number;
    /** Whether the relay lets all who are in a room have its history. */
    readonly hasHistory: boolean;
  },
): Extract<RoomEvent, { type: "fetch_failed" }> {
  const isOurs = isOursToWaitFor(failure, hasHistory);
  const isOver = !isOurs && room.patience.isOver(failure, {
    waiting: room.held.length,
    now,
  });
  return {
    type: "fetch_failed",
    trouble: isOver ? "final" : troubleOf(failure, hasHistory),
    ms: retryPauseMs(failure, FETCH_AGAIN_MS),
    mayGiveUp: !isOurs,
  };
}

/**
 * Whether the relay had no part in it. A mailbox that can't be written is waited for; so is a line that takes no
 * question: it is free again soon, or gone, and the next one has the history. What REST does not reach is no such line.
 */
function isOursToWaitFor({ code }: Failure, hasHistory: boolean): boolean {
  return code === "FILE_TROUBLE" || code === "NOT_CONNECTED" && hasHistory;
}

function troubleOf(
  { code, retryAfterMs }: Failure,
  hasHistory: boolean,
): "outside" | "passing" | "final" {
  const isWord = code === "NOT_IN_ROOM" || code === "ROOM_NOT_FOUND";
  if (isWord && hasHistory) return "outside";
  const isPassing = retryAfterMs !== undefined || code === "FILE_TROUBLE" ||
    code === "NOT_CONNECTED" || code === "RELAY_SILENT";
  return isPassing ? "passing" : "final";
}
