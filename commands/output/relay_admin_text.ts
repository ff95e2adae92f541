import { counted } from "../../lib/rendering/counted.ts";
import type {
  AgentRow,
  RelayListing,
  RelayStats,
  RoomRow,
} from "../../lib/admin_api/types.ts";
import { foreignText } from "../../lib/guards/fence.ts";

/** Who is on the relay and what rooms are open, a line each. */
export function relayListing(listing: RelayListing): string[] {
  const { agents, agents_total, rooms, rooms_total, banned } = listing;
  return [
    `agents: ${shown(agents.length, agents_total)}`,
    ...agents.map(agentLine),
    `rooms: ${shown(rooms.length, rooms_total)}`,
    ...rooms.map(roomLine),
    `banned: ${banned.length}`,
    ...banned.map((id) => `  ${id}`),
  ];
}

/** Figures by name, a line each. */
export function relayStats(stats: RelayStats): string {
  const rows = Object.entries(stats);
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`)
    .join("\n");
}

function shown(rows: number, total: number): string {
  return rows === total ? `${total}` : `${total}, the first ${rows} shown`;
}

/** Names are hostile text: what is not plain is made visible. */
function agentLine({ id, name, address, connected_ms, rooms }: AgentRow) {
  const minutes = Math.floor(connected_ms / 60_000);
  const facts = `${address}, ${minutes} min, in ${
    counted(rooms.length, "room")
  }`;
  return `  ${id} (${facts}) calls itself: ${foreignText(name)}`;
}

function roomLine({ name, topic, members, last_active }: RoomRow): string {
  const when = new Date(last_active).toISOString();
  const about = topic === "" ? "" : `: ${foreignText(topic)}`;
  return `  ${name} (${
    counted(members, "member")
  }, last active ${when})${about}`;
}
