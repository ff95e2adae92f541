import type {
  AgentRow,
  RelayListing,
  RoomRow,
} from "../../lib/admin_api/types.ts";
import type { Connection } from "./edge/connection.ts";
import type { Room } from "./rooms/room.ts";
import type { CoreState } from "./state.ts";

/** Rows of each kind that one listing holds. */
const MOST_ROWS = 1_000;

/** Who is here and which rooms are open, for the operator. */
export function operatorView(
  state: CoreState,
  mono: number,
): Omit<RelayListing, "banned"> {
  return {
    agents: first(state.byAgent.values(), (conn) => agentRow(conn, mono)),
    agents_total: state.byAgent.size,
    rooms: first(state.rooms, roomRow),
    rooms_total: state.rooms.size,
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

function agentRow(conn: Connection, mono: number): AgentRow {
  return {
    id: conn.agent,
    name: conn.name,
    address: conn.address,
    connected_ms: Math.round(mono - conn.openedAt),
    rooms: [...conn.rooms].map(({ name }) => name),
  };
}

function roomRow({ name, topic, members, lastActive }: Room): RoomRow {
  return { name, topic, members: members.size, last_active: lastActive };
}
