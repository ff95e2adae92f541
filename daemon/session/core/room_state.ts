import { CLOSED_BY_OPERATOR } from "../../../lib/protocol/closed_reasons.ts";

/** Why a room is no more. */
export interface Ending {
  readonly reason: string;
}

/** Why the relay does not have us in a room that has not ended. */
export interface Absence {
  readonly state: "joining" | "waiting";
  /** In words. */
  readonly reason: string;
}

/**
 * Where a room stands that this agent is to be in.
 *
 * ```
 *          connected       asked           entered           fetched            released
 *   away ───────────► queued ───► entering ───────► fetching ───────► releasing ────────► live
 *    ▲                 ▲  ▲         │    │           ▲  │  ▲ hole        │                  │
 *    │ disconnected    │  │ refused ▼    │       due │  ▼  └─────────────┤                  │
 *    │ (from wherever  │  └──── refused  │          paused ◄─────────────┘ unwritten        │
 *    │  a connection   │   due           │ not_found  │  message that misses some, overrun, │
 *    │  is needed)     │                 ▼            │       unwritten: back to fetching ◄─┤
 *    │                 └── rest_taken ─ closing ◄─────┴──────────────── closed ─────────────┘
 *    │ connected                   (to away where there is no connection)
 *    └───────────► ended ◄── rest_taken, closed: where an operator closed it, it is looked for no more
 *
 *   entered, as asked for: from any but leaving and left to fetching
 *   any ── leave_asked ──► leaving ── left ──► left;  stays: back to where it belongs
 *   outside: from fetching, releasing, paused, live back to queued
 * ```
 *
 * Messages are taken in `live`, and in `leaving` while none waits; dropped where it has ended or is left; else they wait.
 */
export type RoomState =
  /** No connection. */
  | { readonly at: "away"; readonly ending?: Ending }
  /** Waits for its turn to be entered. */
  | Absent<"queued">
  /** The relay is asked to have us in it. */
  | Absent<"entering">
  /** It is entered again after a pause. */
  | Absent<"refused">
  /** The relay has us in it; its past is fetched. `fresh`: nothing was missed before. */
  | {
    readonly at: "fetching";
    readonly fresh: boolean;
    /** So many times in a row. */
    readonly round: number;
  }
  /** Its past is fetched again after a pause. */
  | { readonly at: "paused"; readonly fresh: boolean }
  /** What waited is taken. */
  | {
    readonly at: "releasing";
    readonly fresh: boolean;
    readonly round: number;
  }
  /** Its messages are taken as they come. */
  | { readonly at: "live" }
  /** It is no more; what waited is taken. */
  | {
    readonly at: "closing";
    readonly ending: Ending;
    readonly connected: boolean;
    /** Nobody knows what was said in it last: an unknown number of messages is missing. */
    readonly gapFirst: boolean;
  }
  /** It is no more, and looked for no more. */
  | { readonly at: "ended"; readonly ending: Ending }
  | Leaving
  /** Forgotten. */
  | { readonly at: "left" };

/** As long as the relay does not have us in it. */
export interface Absent<At extends string> {
  readonly at: At;
  readonly absence: Absence;
  readonly ending?: Ending;
}

/** It is being left. */
export interface Leaving {
  readonly at: "leaving";
  /** Whether the relay has us in it, and whether it may, since it was asked to. */
  readonly isIn: boolean;
  readonly mayBeIn: boolean;
  /** Messages wait. */
  readonly holds: boolean;
  readonly fresh: boolean;
  readonly connected: boolean;
  readonly ending?: Ending;
  /** It had ended before it was to be left: nothing of it waits. */
  readonly isOver: boolean;
  /** Where it ended and is not over: an unknown number of messages is missing. */
  readonly gapFirst: boolean;
}

/** Where a room begins that was remembered, or that was not there before. */
export function firstState(ending: Ending | undefined): RoomState {
  return ending === undefined ? { at: "away" } : { at: "away", ending };
}

/** Whether it is looked for no more: who closed it meant it. */
export function isForGood({ reason }: Ending): boolean {
  return reason === CLOSED_BY_OPERATOR;
}

/** Whether the relay has us in it now. */
export function isIn(state: RoomState): boolean {
  switch (state.at) {
    case "fetching":
    case "paused":
    case "releasing":
    case "live":
      return true;
    case "leaving":
      return state.isIn;
    default:
      return false;
  }
}

/** Why it is no more; undefined while it is, or may be. */
export function endingOf(state: RoomState): Ending | undefined {
  return "ending" in state ? state.ending : undefined;
}

/** Why the relay does not have us in it. */
export function absenceOf(state: RoomState): Absence {
  if ("absence" in state) return state.absence;
  const isLeft = state.at === "leaving" || state.at === "left";
  const reason = isLeft ? "it is being left" : "not connected";
  return { state: "waiting", reason };
}
