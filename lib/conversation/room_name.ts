import { Failure } from "../errors.ts";

/** A room's name on the wire (protocol.md section 4). */
const ROOM_NAME = /^[a-z0-9-]{1,64}$/;

/**
 * A room's name as it was typed: lowered, and checked before anything is sent. A leading `#` is how rooms are shown,
 * so it may be copied.
 *
 * @throws {Failure} ROOM_NAME_INVALID.
 */
export function parseRoom(text: string): string {
  const name = text.replace(/^#/, "").toLowerCase();
  if (ROOM_NAME.test(name)) return name;
  const room = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  throw new Failure("ROOM_NAME_INVALID", { fields: { room } });
}
