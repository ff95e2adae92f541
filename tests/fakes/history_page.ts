import type { HistoryQuery } from "../../lib/client/outgoing.ts";
import type {
  RawObject,
  RoomHistoryResult,
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
