import type {
  RoomListing,
  RoomsPage,
  RoomsQuery,
} from "../../../lib/local_api/types/rooms.ts";
import { WIRE } from "../../../lib/protocol/limits.ts";
import { isPrivateWire } from "../../../lib/sealed/sealed_text.ts";
import type { RelayConnection } from "../session_options.ts";

/**
 * A page of the relay's rooms, with our own marked. Words are sought by the relay where it is one of this project;
 * else here, in one page, which is then partial if the relay has more.
 */
export async function listRooms(
  connection: RelayConnection,
  options: {
    readonly query: RoomsQuery;
    readonly isJoined: (room: string) => boolean;
    readonly isPrivate: (room: string) => boolean;
  },
): Promise<RoomsPage> {
  const { query, isJoined, isPrivate } = options;
  const { q = "", ...rest } = query;
  const seeksHere = q !== "" && connection.features.size === 0;
  const page = await connection.list({
    ...rest,
    ...(seeksHere ? { limit: WIRE.roomsPage } : {}),
    ...(q === "" || seeksHere ? {} : { q }),
  });
  const rooms = page.rooms
    .filter((room) => !seeksHere || holds(room, q))
    // Private rooms of others are nothing to anybody who is not in them.
    .filter(({ name }) => !isPrivateWire(name))
    .map((room) => ({
      ...{ ...room, joined: isJoined(room.name) },
      ...(isPrivate(room.name) ? { private: true as const } : {}),
    }));
  return {
    rooms: seeksHere ? rooms.slice(0, query.limit ?? rooms.length) : rooms,
    ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
    has_more: page.has_more,
    partial: seeksHere && page.has_more,
  };
}

function holds(room: Omit<RoomListing, "joined">, words: string): boolean {
  const text = [room.name, room.topic, ...room.tags].join(" ").toLowerCase();
  return words.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}
