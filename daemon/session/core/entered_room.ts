import type { RoomEvent } from "./session_events.ts";
import type { Absence, Leaving, RoomState } from "./room_state.ts";
import {
  entered,
  stay,
  type Step,
  to,
  toClosing,
  toLeaving,
  WRITE_AGAIN_MS,
} from "./room_step.ts";

/** A room in which others speak faster than we fetch is taken as it comes after so many tries. */
const MOST_ROUNDS = 10;
const OUTSIDE: Absence = {
  state: "joining",
  reason: "the relay says that we are not in it; joining again",
};

/** The relay has us in it, and its messages wait. */
export function catchingUp(
  state: Extract<RoomState, { at: "fetching" | "paused" | "releasing" }>,
  event: RoomEvent,
): Step {
  switch (event.type) {
    case "fetched":
      return state.at === "fetching" ? fetched(state) : stay(state);
    case "fetch_paced":
      return state.at === "fetching"
        ? pauseToFetch(state, event.ms)
        : stay(state);
    case "fetch_failed":
      return state.at === "fetching" ? fetchFailed(state, event) : stay(state);
    case "fetch_due":
      return state.at === "paused" ? fetchAgain(state, 1) : stay(state);
    case "waited_enough":
      return state.at === "paused" ? giveUp(state.fresh) : stay(state);
    case "released":
      if (state.at !== "releasing") return stay(state);
      return event.rest
        ? fetchAgain({ fresh: false }, state.round + 1)
        : to({ at: "live" }, { do: "caught_up" });
    case "hole":
      return state.at === "releasing"
        ? fetchAgain({ fresh: false }, state.round + 1)
        : stay(state);
    case "unwritten":
      return state.at === "releasing"
        ? pauseToFetch(state, WRITE_AGAIN_MS)
        : stay(state);
    case "message":
      return to(state, { do: "hold" });
    case "overrun":
      return overrunMeanwhile(state);
    default:
      return inRoom(event, {
        state,
        toLeave: { isIn: true, holds: true, fresh: state.fresh },
        gapFirst: !state.fresh,
      });
  }
}

function fetched({ round }: { readonly round: number }): Step {
  return to({ at: "releasing", fresh: false, round }, {
    do: "release",
    holesAreGaps: round >= MOST_ROUNDS,
    gapFirst: false,
  });
}

function fetchFailed(
  { fresh }: { readonly fresh: boolean },
  { trouble, ms, mayGiveUp }: Extract<RoomEvent, { type: "fetch_failed" }>,
): Step {
  switch (trouble) {
    case "passing":
      return to({ at: "paused", fresh }, { do: "fetch_later", ms, mayGiveUp });
    case "final":
      return giveUp(fresh);
    case "outside":
      return enterAgain();
    default:
      return trouble satisfies never;
  }
}

function giveUp(fresh: boolean): Step {
  return to({ at: "releasing", fresh, round: MOST_ROUNDS }, {
    do: "release",
    holesAreGaps: true,
    gapFirst: !fresh,
  });
}

function fetchAgain(
  { fresh }: { readonly fresh: boolean },
  round: number,
): Step {
  return to({ at: "fetching", fresh, round }, { do: "fetch" });
}

/** What waits is not let go meanwhile: the fetch comes to its end. */
function pauseToFetch(
  { fresh }: { readonly fresh: boolean },
  ms: number,
): Step {
  return to({ at: "paused", fresh }, {
    do: "fetch_later",
    ms,
    mayGiveUp: false,
  });
}

/** A room just entered has missed something now too. */
function overrunMeanwhile(
  state: Extract<RoomState, { at: "fetching" | "paused" | "releasing" }>,
): Step {
  const overflow = { do: "note_overflow" } as const;
  if (state.at !== "paused") return to({ ...state, fresh: false }, overflow);
  const { state: next, effects } = fetchAgain({ fresh: false }, 1);
  return to(next, overflow, { do: "stop" }, ...effects);
}

function enterAgain(): Step {
  return to(
    { at: "queued", absence: OUTSIDE },
    { do: "stop" },
    { do: "note_break" },
    { do: "enter" },
  );
}

/** Its messages are taken as they come. */
export function live(state: RoomState, event: RoomEvent): Step {
  const { state: fetching, effects } = fetchAgain({ fresh: false }, 1);
  switch (event.type) {
    case "message":
      return event.misses
        ? to(fetching, { do: "hold" }, ...effects)
        : to(state, { do: "take" });
    case "unwritten":
      return to(fetching, ...effects);
    case "overrun":
      return to(fetching, { do: "note_overflow" }, ...effects);
    default:
      return inRoom(event, {
        state,
        toLeave: { isIn: true, holds: false, fresh: false },
        gapFirst: false,
      });
  }
}

/** What takes us out of a room, whatever was done there. */
function inRoom(
  event: RoomEvent,
  { state, toLeave, gapFirst }: {
    readonly state: RoomState;
    readonly toLeave: Partial<Leaving>;
    readonly gapFirst: boolean;
  },
): Step {
  switch (event.type) {
    case "disconnected":
      return to({ at: "away" }, { do: "stop" }, { do: "note_break" });
    case "closed": {
      const { reason } = event;
      return toClosing({ reason }, { connected: true, gapFirst });
    }
    case "outside":
      return enterAgain();
    // It had ended without a word, and was made anew.
    case "entered":
      return entered(event);
    case "leave_asked":
      return toLeaving({ connected: true, ...toLeave });
    default:
      return stay(state);
  }
}
