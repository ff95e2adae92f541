import { Failure } from "../../lib/errors.ts";
import type { RoomJoined, RoomLeft } from "../../lib/protocol/frames.ts";
import { isMadeAnew } from "./core/failure_events.ts";
import type { Room } from "./core/room.ts";
import type { RelayConnection } from "./session_options.ts";

/** Asks the relay to have us in a room again; one that has ended is made anew by whoever made it. Rejects with a `Failure`. */
export async function enterAgain(
  room: Room,
  connection: RelayConnection,
  signal: AbortSignal,
): Promise<RoomJoined> {
  const { name, topic, tags } = room;
  if (!isMadeAnew(room)) return await connection.join(name);
  try {
    return await connection.create({ room: name, topic, tags }, { signal });
  } catch (error) {
    const exists = error instanceof Failure && error.code === "ROOM_EXISTS";
    if (exists) return await connection.join(name);
    throw error;
  }
}

/** Leaves a room; a relay that says we were not in it has what we want. Rejects with a `Failure`. */
export async function leaveRoom(
  connection: RelayConnection,
  name: string,
): Promise<RoomLeft | undefined> {
  try {
    return await connection.leave(name);
  } catch (error) {
    const gone = error instanceof Failure &&
      (error.code === "NOT_IN_ROOM" || error.code === "ROOM_NOT_FOUND");
    if (!gone) throw error;
    return undefined;
  }
}
