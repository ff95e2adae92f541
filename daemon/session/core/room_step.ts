import type { RoomEffect, RoomEvent } from "./session_events.ts";
import type { Absence, Ending, Leaving, RoomState } from "./room_state.ts";

/** What follows from an event. */
export interface Step {
  readonly state: RoomState;
  readonly effects: readonly RoomEffect[];
}

/** From a failed write to the next try; milliseconds. */
export const WRITE_AGAIN_MS = 10_000;
/** Why a room that is entered in its turn is not there yet. */
export const JOINING: Absence = { state: "joining", reason: "joining again" };

/** A step to a state. */
export const to = (state: RoomState, ...effects: RoomEffect[]): Step => ({
  state,
  effects,
});

/** The event means nothing here. */
export const stay = (state: RoomState): Step => to(state);

/** The relay has us in it: what was missed is fetched, and what waits for it goes out. */
export function entered(
  { fresh }: Extract<RoomEvent, { type: "entered" }>,
): Step {
  return to(
    { at: "fetching", fresh, round: 1 },
    { do: "stop" },
    { do: "save" },
    { do: "fetch" },
    { do: "wake_sends" },
  );
}

/** The room is no more: what waits is taken first. */
export function toClosing(
  ending: Ending,
  { connected, gapFirst }: {
    readonly connected: boolean;
    readonly gapFirst: boolean;
  },
): Step {
  return to(
    { at: "closing", ending, connected, gapFirst },
    { do: "stop" },
    { do: "take_rest", gapFirst },
  );
}

/** The room is to be left; what is not said of it is false. */
export function toLeaving(known: Partial<Leaving>): Step {
  return to({
    ...{ at: "leaving", isIn: false, mayBeIn: false, holds: false },
    ...{ fresh: false, connected: false, isOver: false },
    gapFirst: false,
    ...known,
  }, { do: "stop" });
}
