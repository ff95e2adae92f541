import { Failure } from "../errors.ts";
import type { LocalApi } from "../local_api/client.ts";
import type { RoomName } from "../protocol/names.ts";
import { nearestName } from "../text_rules/nearest_name.ts";

/** What tells of rooms. */
export type RoomsApi = Pick<LocalApi, "status" | "rooms">;

/** So many of the relay's rooms are looked at for one that is near: a page of its list. */
const MOST_LISTED = 100;

/**
 * Does something in a room. Where the agent is not in it, or there is none, the failure names the room that may have
 * been meant: one that the agent is in, else one that the relay lists.
 */
export async function inNamedRoom<T>(
  api: RoomsApi,
  room: RoomName,
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (thrown) {
    const isWrong = thrown instanceof Failure &&
      (thrown.code === "NOT_IN_ROOM" || thrown.code === "ROOM_NOT_FOUND");
    if (!isWrong) throw thrown;
    const near = await nearRoom(api, room);
    if (near === undefined) throw thrown;
    throw new Failure(thrown.code, { fields: { room, near }, cause: thrown });
  }
}

/** The room that may have been meant, in words; undefined where none is near, or the relay has one of just this name. */
export async function nearRoom(
  api: RoomsApi,
  room: RoomName,
): Promise<string | undefined> {
  const listed = await names(async () =>
    (await api.rooms({ limit: MOST_LISTED })).rooms
  );
  if (listed.includes(room)) return undefined;
  const own = await names(async () =>
    (await api.status()).rooms.filter(({ state }) => state !== "ended")
  );
  const others = (list: readonly string[]) =>
    nearestName(room, list.filter((name) => name !== room));
  const joined = others(own);
  if (joined !== null) return `'${joined}', which it is in`;
  const near = others(listed);
  return near === null ? undefined : `'${near}'`;
}

/** None where they can't be had: what is wrong was told already, and this only adds to it. */
async function names(
  list: () => Promise<readonly { readonly name: string }[]>,
): Promise<readonly string[]> {
  try {
    return (await list()).map(({ name }) => name);
  } catch (thrown) {
    if (thrown instanceof Failure) return [];
    throw thrown;
  }
}
