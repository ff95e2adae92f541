import type { HistoryQuery } from "../../lib/client/outgoing.ts";
import type {
  RawObject,
  RoomHistoryResult,
  RoomsListResult,
} from "../../lib/protocol/frames.ts";
import { roomName } from "./plain.ts";

/** The page of a room's messages that a query asks for. */
export function historyPage(
  messages: readonly RawObject[],
  { room, after_seq, before_seq = Infinity, limit = 50 }: HistoryQuery,
): RoomHistoryResult {
  const all = messages.filter((raw) =>
    Number(raw.seq) > (after_seq ?? -1) && Number(raw.seq) < before_seq
  );
  const page = after_seq === undefined
    ? all.slice(-limit)
    : all.slice(0, limit);
  return {
    ...{ type: "room.history.result", room: roomName(room), messages: page },
    has_more: page.length < all.length,
  };
}

/** All of its rooms, as a list answers. */
export function roomsPage(
  rooms: ReadonlyMap<
    string,
    { readonly topic: string; readonly tags: readonly string[] }
  >,
): RoomsListResult {
  return {
    ...{ type: "rooms.list.result", has_more: false },
    rooms: [...rooms].map(([name, { topic, tags }]) => ({
      ...{ name: roomName(name), topic, tags },
      ...{ agents: 1, last_active: 1 },
    })),
  };
}
