import { unreachable } from "../../../lib/protocol/frames.ts";
import { absent } from "./absent_room.ts";
import { catchingUp, live } from "./entered_room.ts";
import { leaving } from "./leaving_room.ts";
import { isForGood, type RoomState } from "./room_state.ts";
import {
  entered,
  JOINING,
  stay,
  type Step,
  to,
  toLeaving,
} from "./room_step.ts";
import type { RoomEvent } from "./session_events.ts";

/** The next state of a room, and what is to be done. Pure; an event that means nothing in a state changes nothing. */
export function nextRoom(state: RoomState, event: RoomEvent): Step {
  switch (state.at) {
    case "away":
    case "queued":
    case "entering":
    case "refused":
      return absent(state, event);
    case "fetching":
    case "paused":
    case "releasing":
      return catchingUp(state, event);
    case "live":
      return live(state, event);
    case "closing":
      return closing(state, event);
    case "ended":
      return ended(state, event);
    case "leaving":
      return leaving(state, event);
    case "left":
      return stay(state);
    default:
      unreachable(state);
  }
}

function closing(
  state: Extract<RoomState, { at: "closing" }>,
  event: RoomEvent,
): Step {
  const { ending, connected, gapFirst } = state;
  switch (event.type) {
    case "rest_taken": {
      const end = { do: "end", reason: ending.reason } as const;
      if (connected && isForGood(ending)) {
        return to({ at: "ended", ending }, end);
      }
      return connected
        ? to({ at: "queued", absence: JOINING, ending }, end, { do: "enter" })
        : to({ at: "away", ending }, end);
    }
    case "connected":
      return to({ ...state, connected: true });
    case "disconnected":
      return to({ ...state, connected: false });
    case "entered":
      return entered(event);
    case "leave_asked":
      return toLeaving({ connected, ending, holds: true, gapFirst });
    default:
      return stay(state);
  }
}

function ended(
  state: Extract<RoomState, { at: "ended" }>,
  event: RoomEvent,
): Step {
  const { ending } = state;
  switch (event.type) {
    case "disconnected":
      return to({ at: "away", ending });
    case "entered":
      return entered(event);
    case "leave_asked":
      return toLeaving({
        ...{ connected: true, holds: true, isOver: true },
        ending,
      });
    default:
      return stay(state);
  }
}
