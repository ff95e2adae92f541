import type { RoomEvent } from "./session_events.ts";
import type { Leaving } from "./room_state.ts";
import { JOINING, stay, type Step, to, toClosing } from "./room_step.ts";

/** It is being left, step by step. */
export function leaving(state: Leaving, event: RoomEvent): Step {
  switch (event.type) {
    case "message":
      if (state.ending !== undefined) return stay(state);
      return state.holds || event.misses
        ? to({ ...state, holds: true }, { do: "hold" })
        : to(state, { do: "take" });
    case "unwritten":
      return to({ ...state, holds: true });
    case "overrun":
      return state.isIn
        ? to({ ...state, holds: true, fresh: false }, { do: "note_overflow" })
        : stay(state);
    case "closed": {
      const ending = { reason: event.reason };
      return state.isIn
        ? to({
          ...state,
          isIn: false,
          ending,
          gapFirst: !state.fresh && state.holds,
        })
        : stay(state);
    }
    case "outside":
    case "left_at_relay":
      return to({ ...state, isIn: false, mayBeIn: false }, {
        do: "note_break",
      });
    case "disconnected":
      return to(
        { ...state, isIn: false, mayBeIn: false, connected: false },
        { do: "note_break" },
      );
    case "connected":
      return to({ ...state, connected: true });
    case "rest_taken":
      return to({ ...state, holds: false });
    case "left":
      return to({ at: "left" });
    case "stays":
      return stays(state);
    default:
      return stay(state);
  }
}

function stays(state: Leaving): Step {
  const { isIn, holds, fresh, connected, ending, isOver, gapFirst } = state;
  const wake = { do: "wake_sends" } as const;
  if (ending !== undefined && !isOver) {
    return toClosing(ending, { connected, gapFirst });
  }
  if (isIn) {
    return holds
      ? to({ at: "fetching", fresh, round: 1 }, { do: "fetch" }, wake)
      : to({ at: "live" }, wake);
  }
  const kept = ending === undefined ? {} : { ending };
  // It may have had us in it for a moment.
  const missed = { do: "note_break" } as const;
  return connected
    ? to(
      { at: "queued", absence: JOINING, ...kept },
      missed,
      { do: "enter" },
      wake,
    )
    : to({ at: "away", ...kept }, missed, wake);
}
