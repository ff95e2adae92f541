import { Failure } from "../../lib/errors.ts";
import type { RoomName } from "../../lib/protocol/names.ts";
import { parseRoom } from "../../lib/conversation/room_name.ts";

/**
 * Parts the words of a command line into its room and the rest.
 *
 * @param example a right command line, shown when the room is missing.
 * @throws {Failure} USAGE, ROOM_NAME_INVALID.
 */
export function roomAndText(
  words: readonly string[],
  example: string,
): { room: RoomName; rest: readonly string[] } {
  const [first, ...rest] = words;
  if (first === undefined) throw missing("room", example);
  return { room: parseRoom(first), rest };
}

/** The failure of a command line that lacks a word. */
export function missing(what: string, example: string): Failure {
  return new Failure("USAGE", {
    fields: {
      reason: `the ${what} is missing`,
      fix: `for example: agentnet ${example}`,
    },
  });
}
