import type { Room } from "./room.ts";
import type { RoomsState } from "./rooms_state.ts";
import { Seat, type SeatFacts } from "./seat.ts";

/** A seat as data. */
export interface SeatRow extends Omit<SeatFacts, "isHere"> {
  readonly presence: Seat["presence"];
}

/** What a relay of a cluster knew beside its rows when it ended. */
export interface SeatRows {
  readonly sessions: readonly SeatRow[];
  readonly bans: readonly string[];
  readonly seats: readonly {
    readonly room: string;
    readonly agent: string;
    readonly joined?: number;
    readonly graced?: number;
  }[];
  readonly rests: readonly {
    readonly room: string;
    readonly touched: number;
    readonly emptied?: number;
  }[];
}

/**
 * Takes over who was logged in and in which room; after the rooms. None of the seats is one of this run's connections.
 */
export function restoreSeats(
  state: RoomsState,
  { sessions, bans, seats, rests }: SeatRows,
): void {
  for (const agent of bans) state.bans.add(agent);
  for (const row of sessions) {
    const seat = new Seat({ ...row, isHere: false }, row.since);
    seat.presence = row.presence;
    state.sessions.set(row.agent, seat);
    state.ages.arrived(row.agent, row.since);
  }
  for (const { room: name, agent, joined, graced } of seats) {
    const room = state.rooms.get(name);
    const seat = state.sessions.get(agent);
    if (room === undefined) continue;
    if (graced !== undefined) room.grace(agent, graced);
    if (joined === undefined || seat === undefined) continue;
    state.rooms.enter(room, { seat, joinedAt: joined });
  }
  const known = new Map(rests.map((rest) => [rest.room, rest]));
  for (const room of state.rooms) restoreTimes(room, known.get(room.name));
}

/** Times are the log's, which is the wall clock that rows have too. */
function restoreTimes(
  room: Room,
  rest: SeatRows["rests"][number] | undefined,
): void {
  room.touchedAt = Math.max(room.lastActive, rest?.touched ?? 0);
  room.emptiedAt = rest?.emptied ?? room.emptySince;
  if (room.emptySince === undefined) room.emptiedAt = undefined;
}
