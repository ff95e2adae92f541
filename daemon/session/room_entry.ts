import { Failure } from "../../lib/errors.ts";
import type { RoomPlan } from "../../lib/client/outgoing.ts";
import type { RoomJoined, RoomLeft } from "../../lib/protocol/frames.ts";
import { type EntryAsked, isMadeAnew } from "./core/failure_events.ts";
import type { Room } from "./core/room.ts";
import type { RelayConnection } from "./session_options.ts";

/** What came of asking: the relay has us in the room, or what was asked for failed. */
export type Entry =
  | { readonly frame: RoomJoined }
  | { readonly failure: Failure; readonly asked: EntryAsked };

/**
 * Asks the relay to have us in a room again. One that has ended is made anew where that is our turn, once the relay has
 * said that it is still gone: somebody may have made it meanwhile, or an operator closed it.
 */
export async function enterAgain(
  room: Room,
  connection: RelayConnection,
  signal: AbortSignal,
): Promise<Entry> {
  const { name, topic, tags } = room;
  const plan = { room: name, topic, tags };
  const isMade = () => isMadeAnew(room);
  return await enterOrMake(connection, plan, { isMade, signal });
}

/** Asks the relay to have us in a room; one that it does not have is made, where that is for us to do. */
export async function enterOrMake(
  connection: RelayConnection,
  plan: RoomPlan,
  { isMade, signal }: {
    /** Asked once the relay has said that there is none. */
    readonly isMade: () => boolean;
    readonly signal: AbortSignal;
  },
): Promise<Entry> {
  const joined = await joinRoom(plan, connection);
  const isGone = "failure" in joined &&
    joined.failure.code === "ROOM_NOT_FOUND";
  if (!isGone || signal.aborted || !isMade()) return joined;
  try {
    return { frame: await connection.create(plan, { signal }) };
  } catch (error) {
    const failure = Failure.from(error);
    if (failure.code === "ROOM_EXISTS") return joinRoom(plan, connection);
    return { failure, asked: "create" };
  }
}

async function joinRoom(
  { room }: RoomPlan,
  connection: RelayConnection,
): Promise<Entry> {
  try {
    return { frame: await connection.join(room) };
  } catch (error) {
    return { failure: Failure.from(error), asked: "join" };
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
