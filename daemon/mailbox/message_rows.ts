import type { ReceivedMessage } from "../../lib/local_api/types.ts";
import { roomNameOf } from "./checked_columns.ts";
import {
  numberOf,
  numberOrNone,
  type SqlRow,
  textOf,
  textOrNone,
} from "../../lib/sql/sql.ts";
import { defined } from "../../lib/defined.ts";

/** A row of `messages` as the local API shows it. */
export function messageOf(row: SqlRow): ReceivedMessage {
  const seq = numberOrNone(row, "seq");
  const replyTo = textOrNone(row, "reply_to");
  return {
    cursor: numberOf(row, "cursor"),
    id: textOf(row, "id"),
    room: roomNameOf(row, "room"),
    from: textOf(row, "author"),
    from_name: textOf(row, "name"),
    text: textOf(row, "text"),
    timestamp: numberOf(row, "timestamp"),
    received_at: numberOf(row, "received_at"),
    verified: numberOf(row, "verified") === 1,
    late: numberOf(row, "late") === 1,
    ...defined({ seq, reply_to: replyTo }),
  };
}
