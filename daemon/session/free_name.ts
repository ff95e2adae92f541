import { Failure } from "../../lib/errors.ts";
import { WIRE } from "../../lib/protocol/limits.ts";
import { isRoomName, type RoomName } from "../../lib/protocol/names.ts";
import type { Rooms } from "./rooms.ts";

/** Rooms of one title that are told apart. */
const MOST = 99;

/** What others call a room, where that is no other room here; else the same with a number. @throws Failure ROOM_EXISTS */
export function freeName(
  room: RoomName,
  rooms: Pick<Rooms, "get">,
): RoomName {
  if (rooms.get(room) === undefined) return room;
  for (let n = 2; n <= MOST; n++) {
    const end = `-${n}`;
    const name = room.slice(0, WIRE.roomName - end.length) + end;
    if (isRoomName(name) && rooms.get(name) === undefined) return name;
  }
  throw new Failure("ROOM_EXISTS", { fields: { room } });
}
