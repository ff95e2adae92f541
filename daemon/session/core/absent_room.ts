import type { RoomEvent } from "./session_events.ts";
import { type Absent, isForGood, type RoomState } from "./room_state.ts";
import {
  entered,
  JOINING,
  stay,
  type Step,
  to,
  toClosing,
  toLeaving,
} from "./room_step.ts";

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
      if (ending !== undefined && isForGood(ending)) {
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
      return state.at === "entering" ? notFound(state) : stay(state);
    case "closed":
      return state.at === "away" ? stay(state) : closed(state, event);
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
        // What it was asked and did not answer yet, it may do still.
        mayBeIn: state.at !== "away",
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
): Step {
  return ending === undefined
    ? over("the room has ended")
    : to({ at: "refused", absence, ending }, { do: "seek_later" });
}

/** Who asks for a room that an operator closed is told so; what else is said of a room that we are not in means nothing. */
function closed(
  state: Absent<"queued" | "entering" | "refused">,
  { reason }: Extract<RoomEvent, { type: "closed" }>,
): Step {
  if (!isForGood({ reason })) return stay(state);
  return state.ending === undefined
    ? over(reason)
    : to({ at: "ended", ending: { reason } }, { do: "stop" }, { do: "save" });
}

/** Nobody knows what was said in it last. */
function over(reason: string): Step {
  return toClosing({ reason }, { connected: true, gapFirst: true });
}
