import type { LocalApi } from "../local_api/client.ts";
import type { ReceivedMessage } from "../local_api/types/messages.ts";
import type { RoomName } from "../protocol/names.ts";
import type { RoomsApi } from "./nearest_room.ts";
import { notJoined } from "./not_joined.ts";

/** So many of the newest are listed. */
const LISTED = 200;

/** What tells of the files of a room. */
export type FilesApi = RoomsApi & Pick<LocalApi, "files" | "count">;

/**
 * The newest messages with a file of a room, or of the talk that `@` and a word mean, oldest first.
 *
 * @throws {Failure} NOT_IN_ROOM for a room that the agent is not in and has no message of; those of the daemon.
 */
export async function roomFiles(
  api: FilesApi,
  room: RoomName,
): Promise<readonly ReceivedMessage[]> {
  const { messages } = await api.files({ room, limit: LISTED });
  // Whom a talk's name means the daemon has looked up by now: one that was not begun yet has just no files.
  if (messages.length === 0 && !room.startsWith("@")) {
    const failure = await notJoined(api, { room, all: true });
    if (failure !== null) throw failure;
  }
  return messages;
}
