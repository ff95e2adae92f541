import {
  type MessageText,
  parseMessageText,
} from "../../lib/protocol/message_text.ts";
import { isLocalRoom } from "../../lib/protocol/direct_room.ts";
import type { RoomName } from "../../lib/protocol/names.ts";
import { type SqlRow, textOf } from "../../lib/sql/sql.ts";

/** A room's name of a row. @throws TypeError where the column holds none: nothing else was ever written there. */
export function roomNameOf(row: SqlRow, column: string): RoomName {
  const name = textOf(row, column);
  if (isLocalRoom(name)) return name;
  throw new TypeError(`the mailbox holds no text of a room in '${column}'`);
}

/** A text of ours to be sent. @throws TypeError where the column holds none: nothing else was ever written there. */
export function messageTextOf(row: SqlRow, column: string): MessageText {
  const parsed = parseMessageText(textOf(row, column));
  if (parsed.ok) return parsed.text;
  throw new TypeError(`the mailbox holds no text to send in '${column}'`);
}
