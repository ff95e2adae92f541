import { Failure } from "../errors.ts";
import { parseRoomName } from "../protocol/names.ts";

/** A room's name as the wire wants it; throws ROOM_NAME_INVALID. */
export function wireRoom(name: string): string {
  const room = parseRoomName(name);
  if (room !== null) return room;
  const fields = { room: name.slice(0, 80) };
  throw new Failure("ROOM_NAME_INVALID", { fields });
}
