import type { RoomEvent } from "./session_events.ts";
import type { Absent, RoomState } from "./room_state.ts";
import {
  entered,
  JOINING,
  soughtUntil,
  stay,
  type Step,
  to,
  toClosing,
  toLeaving,
} from "./room_step.ts";

/** How often it is looked for; milliseconds. */
const SEEK_EVERY_MS = 60_000;

/** The relay does not have us in it. */
export function absent(
  state: Extract<
    RoomState,
    { at: "away" | "queued" | "entering" | "refused" }
  >,
  event: RoomEvent,
): Step {
  const { ending } = state;
  const kept = ending === undefined ? {} : { ending };
  const absence = state.at === "away" ? JOINING : state.absence;
  switch (event.type) {
    case "connected":
      if (state.at !== "away") return stay(state);
      if (ending !== undefined && event.now >= ending.soughtUntil) {
        return to({ at: "ended", ending });
      }
      return to({ at: "queued", absence, ...kept }, { do: "enter" });
    case "disconnected":
      return state.at === "away"
        ? stay(state)
        : to({ at: "away", ...kept }, { do: "stop" }, { do: "note_break" });
    case "asked":
      return state.at === "queued"
        ? to({ at: "entering", absence, ...kept })
        : stay(state);
    case "entered":
      return entered(event);
    case "refused":
      return state.at === "entering" ? refused(state, event) : stay(state);
    case "not_found":
      return state.at === "entering" ? notFound(state, event) : stay(state);
    case "entry_due":
      return state.at === "refused"
        ? to({ at: "queued", absence, ...kept }, { do: "enter" })
        : stay(state);
    case "message":
      return ending === undefined ? to(state, { do: "hold" }) : stay(state);
    // It may have us in it, where an answer was not waited for.
    case "overrun":
      return ending === undefined && state.at !== "away"
        ? to(state, { do: "note_overflow" })
        : stay(state);
    case "leave_asked":
      return toLeaving({
        mayBeIn: state.at === "entering",
        connected: state.at !== "away",
        ...{ holds: true, isOver: ending !== undefined },
        ...kept,
      });
    default:
      return stay(state);
  }
}

function refused(
  { absence, ending }: Absent<"entering">,
  { reason, ms, forAll }: Extract<RoomEvent, { type: "refused" }>,
): Step {
  const later = { do: "enter_later", ms, forAll } as const;
  return ending === undefined
    ? to({ at: "refused", absence: { state: "waiting", reason } }, later)
    : to({ at: "refused", absence, ending }, later);
}

function notFound(
  { absence, ending }: Absent<"entering">,
  { now, own }: Extract<RoomEvent, { type: "not_found" }>,
): Step {
  if (ending === undefined) {
    // Nobody knows what was said in it last.
    return toClosing(
      { reason: "the room has ended", soughtUntil: soughtUntil(now, own) },
      { connected: true, gapFirst: true },
    );
  }
  if (now >= ending.soughtUntil) return to({ at: "ended", ending });
  return to(
    { at: "refused", absence, ending },
    { do: "enter_later", ms: SEEK_EVERY_MS, forAll: false },
  );
}
