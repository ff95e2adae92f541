import type { RoomsList } from "../../../lib/protocol/frames.ts";
import { isRoomName } from "../../../lib/protocol/names.ts";
import type { Connection } from "./connection.ts";
import type { EdgeState } from "./edge_state.ts";
import type { Now } from "../events.ts";
import { limited } from "../refusals.ts";
import { frameText, summaryOf } from "../replies.ts";
import type { SortKey } from "../rooms/sorted_rooms.ts";

/** Answers `rooms.list` (protocol.md section 4). */
export function listRooms(
  state: EdgeState,
  asked: { readonly conn: Connection; readonly frame: RoomsList },
  now: Now,
): void {
  const { conn, frame } = asked;
  const wait = state.limits.list(conn.agent, now.mono);
  if (wait > 0) {
    return state.refuse(conn, limited("too many lists in this minute", wait));
  }
  const after = frame.cursor === undefined || frame.cursor === ""
    ? undefined
    : parseCursor(frame.cursor);
  if (after === null) {
    const message = "the cursor is not one of this relay";
    return state.refuse(conn, { code: "INVALID_MESSAGE", message });
  }
  const { tags, match, sort, limit, q } = frame;
  const page = state.rooms.page({
    tags,
    match,
    sort,
    limit,
    ...(q === undefined ? {} : { q }),
    ...(after === undefined ? {} : { after }),
  });
  state.send(
    conn,
    frameText({
      type: "rooms.list.result",
      rooms: page.rooms.map(summaryOf),
      ...(page.next === undefined ? {} : { cursor: cursorText(page.next) }),
      has_more: page.next !== undefined,
    }),
  );
}

/** A cursor names the last room shown and what it was sorted by: it stays good when rooms come and go. */
export function cursorText({ value, name }: SortKey): string {
  return `${value}.${name}`;
}

export function parseCursor(text: string): SortKey | null {
  const dot = text.indexOf(".");
  const value = Number(text.slice(0, dot));
  const name = text.slice(dot + 1);
  const isOurs = dot > 0 && Number.isSafeInteger(value) && isRoomName(name);
  return isOurs ? { value, name } : null;
}
