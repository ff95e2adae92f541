import { Failure } from "../errors.ts";
import type { LocalApi } from "../local_api/client.ts";
import type { MessagesQuery } from "../local_api/types/mailbox.ts";
import { defined } from "../defined.ts";
import { nearRoom, type RoomsApi } from "./nearest_room.ts";

/** So many of the rooms that the agent is in are named. */
const MOST_NAMED = 5;

/**
 * Why nothing is there to read, and nothing will come: the agent is not in the room that is asked for.
 *
 * @returns NOT_IN_ROOM with the rooms that it is in and the one that may have been meant; null where it is in the room, or has messages of it to show.
 */
export async function notJoined(
  api: RoomsApi & Pick<LocalApi, "count">,
  query: MessagesQuery,
): Promise<Failure | null> {
  const { room } = query;
  if (room === undefined) return null;
  const names = (await api.status()).rooms
    .filter(({ state }) => state !== "ended").map(({ name }) => name);
  if (names.includes(room)) return null;
  if ((await api.count(query)).count > 0) return null;
  const near = await nearRoom(api, room);
  const fields = defined({ room, rooms: some(names), near });
  return new Failure("NOT_IN_ROOM", { fields });
}

function some(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  const named = names.slice(0, MOST_NAMED).join(", ");
  return more > 0 ? `${named} and ${more} more` : named || "no room";
}
