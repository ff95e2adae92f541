import type {
  AgentRow,
  RelayListing,
  RoomRow,
} from "../../lib/admin_api/types.ts";
import type { Room } from "./rooms/room.ts";
import type { RoomsCore } from "./rooms/rooms_core.ts";
import type { Seat } from "./rooms/seat.ts";

/** Rows of each kind that one listing holds. */
const MOST_ROWS = 1_000;

/** Who is here and which rooms are open, for the operator. @param mono the time by which rooms go */
export function operatorView(
  core: RoomsCore,
  mono: number,
): RelayListing {
  const { seats, rooms } = core.sizes();
  return {
    agents: first(core.sessions, (seat) => agentRow(seat, mono)),
    agents_total: seats,
    rooms: first(core.rooms, roomRow),
    rooms_total: rooms,
    banned: first(core.bans, (agent) => agent),
  };
}

function first<T, R>(all: Iterable<T>, row: (one: T) => R): R[] {
  const rows: R[] = [];
  for (const one of all) {
    if (rows.length === MOST_ROWS) break;
    rows.push(row(one));
  }
  return rows;
}

function agentRow(seat: Seat, mono: number): AgentRow {
  return {
    id: seat.agent,
    name: seat.name,
    address: seat.address,
    connected_ms: Math.round(mono - seat.since),
    rooms: [...seat.rooms].map(({ name }) => name),
  };
}

function roomRow({ name, topic, members, lastActive }: Room): RoomRow {
  return { name, topic, members: members.size, last_active: lastActive };
}
