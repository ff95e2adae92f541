import type { ViewEntry } from "../../store/contract.ts";
import type { Changes } from "../rooms/changes.ts";
import type { Room } from "../rooms/room.ts";
import type { RoomsCore } from "../rooms/rooms_core.ts";
import type { Seat } from "../rooms/seat.ts";
import type { SeatRow } from "../rooms/seat_rows.ts";
import type { NodeState } from "./nodes.ts";

/** What stands of an agent in a room. */
interface InRoom {
  /** Since when it is in it. */
  readonly joined?: number;
  /** Until when it may come back. */
  readonly graced?: number;
}

/** What no row holds of a room. */
interface RoomRest {
  readonly touched: number;
  readonly emptied?: number;
}

/** The parts of a key: names hold no white space. */
const PART = " ";

/**
 * What the rules go by beside rows: who is logged in and in which room, who may come back, who is banned, which relays
 * there are. It is kept in the view as keys and values, with the rows of the batch that changed it: a relay that starts
 * again, from its own view or a copy of another's, decides as if it had never been away.
 */
export class Replica implements Changes {
  readonly #changed = new Set<string>();

  seat(room: string, agent: string): void {
    this.#changed.add(`seat${PART}${room}${PART}${agent}`);
  }

  session(agent: string): void {
    this.#changed.add(`session${PART}${agent}`);
  }

  room(name: string): void {
    this.#changed.add(`room${PART}${name}`);
  }

  ban(agent: string): void {
    this.#changed.add(`ban${PART}${agent}`);
  }

  ended(room: string, agents: readonly string[]): void {
    this.room(room);
    for (const agent of agents) this.seat(room, agent);
  }

  /** What has changed since the last call, as it stands now; null for what is no more. */
  take(rooms: RoomsCore): ViewEntry[] {
    const entries: ViewEntry[] = [];
    for (const key of this.#changed) {
      const value = valueOf(key, rooms);
      entries.push([key, value === null ? null : JSON.stringify(value)]);
    }
    this.#changed.clear();
    return entries;
  }
}

/** The relays, under one key. */
export function nodesEntry(rows: readonly NodeState[]): ViewEntry {
  return ["nodes", JSON.stringify(rows)];
}

function valueOf(key: string, rooms: RoomsCore): object | null {
  const [kind, one = "", two = ""] = key.split(PART);
  switch (kind) {
    case "session":
      return sessionOf(rooms.session(one));
    case "seat":
      return inRoom(rooms.room(one), two);
    case "room":
      return restOf(rooms.room(one));
    case "ban":
      return rooms.isBanned(one) ? {} : null;
    default:
      throw new TypeError(`no such key of a view: ${kind}`);
  }
}

function sessionOf(seat: Seat | undefined): SeatRow | null {
  if (seat === undefined) return null;
  const { node, conn, agent, name, features, address, since, presence } = seat;
  const from = { node, conn, agent, name, address, since, presence };
  return { ...from, features: [...features] };
}

function inRoom(room: Room | undefined, agent: string): InRoom | null {
  const member = room?.members.get(agent);
  const graced = room?.graced.get(agent);
  if (member === undefined && graced === undefined) return null;
  return {
    ...(member === undefined ? {} : { joined: member.joinedAt }),
    ...(graced === undefined ? {} : { graced }),
  };
}

function restOf(room: Room | undefined): RoomRest | null {
  if (room?.touchedAt === undefined) return null;
  const { touchedAt: touched, emptiedAt: emptied } = room;
  return { touched, ...(emptied === undefined ? {} : { emptied }) };
}

/** What a view's keys and values say. */
export interface ReplicaRows {
  readonly nodes: readonly NodeState[];
  readonly sessions: readonly SeatRow[];
  readonly bans: readonly string[];
  readonly seats: readonly (InRoom & {
    readonly room: string;
    readonly agent: string;
  })[];
  readonly rests: readonly (RoomRest & { readonly room: string })[];
}

/** Reads what {@link Replica.take} and {@link nodesEntry} wrote. */
export function replicaRows(entries: readonly ViewEntry[]): ReplicaRows {
  const rows = {
    nodes: [] as NodeState[],
    sessions: [] as SeatRow[],
    bans: [] as string[],
    seats: [] as (InRoom & { room: string; agent: string })[],
    rests: [] as (RoomRest & { room: string })[],
  };
  for (const [key, text] of entries) {
    const [kind, one = "", two = ""] = key.split(PART);
    const value = JSON.parse(text ?? "null");
    if (kind === "nodes") rows.nodes = value as NodeState[];
    else if (kind === "session") rows.sessions.push(value as SeatRow);
    else if (kind === "ban") rows.bans.push(one);
    else if (kind === "seat") {
      rows.seats.push({ ...value as InRoom, room: one, agent: two });
    } else if (kind === "room") {
      rows.rests.push({ ...value as RoomRest, room: one });
    }
  }
  return rows;
}
