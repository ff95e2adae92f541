import { Failure } from "../errors.ts";
import { parseLocalRoom } from "../protocol/direct_room.ts";
import type { RoomName } from "../protocol/names.ts";

/**
 * A room's name as it was typed: lowered, and checked before anything is sent. A leading `#` is how rooms are shown,
 * so it may be copied. A leading `@` is how the talk with one agent is shown.
 *
 * @throws {Failure} ROOM_NAME_INVALID.
 */
export function parseRoom(text: string): RoomName {
  const name = parseLocalRoom(text.replace(/^#/, ""));
  if (name !== null) return name;
  const room = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  throw new Failure("ROOM_NAME_INVALID", { fields: { room } });
}
