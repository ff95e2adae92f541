import type { ReceivedMessage } from "../../lib/local_api/types/messages.ts";
import { roomNameOf } from "./checked_columns.ts";
import {
  numberOf,
  numberOrNone,
  type SqlRow,
  textOf,
  textOrNone,
} from "../../lib/sql/sql.ts";
import { attachedFile } from "../../lib/protocol/attached_file.ts";
import { fileOf } from "./file_column.ts";
import type { NewMessage } from "./kept_messages.ts";
import { defined } from "../../lib/defined.ts";
import { shortIdOf } from "./short_ids.ts";
import { isMessageId } from "../../lib/protocol/message_id.ts";
import { writerOf } from "../../lib/protocol/written_by.ts";
import { messageKind } from "../../lib/protocol/message_kind.ts";

/** A row of `messages` as the local API shows it. */
export function messageOf(row: SqlRow): ReceivedMessage {
  const seq = numberOrNone(row, "seq");
  return withShownIds({
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
    ...defined({
      seq,
      reply_to: textOrNone(row, "reply_to"),
      kind: messageKind(textOrNone(row, "kind")),
      written_by: writerOf(textOrNone(row, "written_by")),
      file: fileOf(row),
    }),
    ...(numberOf(row, "own") === 1 ? { you: true } : {}),
    ...(numberOf(row, "sealed") === 1 ? { private: true } : {}),
  });
}

/**
 * The message with its short id, whole, and by ids that may be copied into a command line: its author's choice where that is one (another relay takes
 * any text), else its own number; an answer to something that nobody could name is none.
 */
export function withShownIds(
  { reply_to, file, ...message }: NewMessage & { readonly cursor: number },
): ReceivedMessage {
  const { id, cursor } = message;
  return {
    ...message,
    short_id: shortIdOf(message),
    ...defined({ file: attachedFile(file) }),
    id: isMessageId(id) ? id : `${cursor}`,
    ...(reply_to !== undefined && isMessageId(reply_to) ? { reply_to } : {}),
  };
}
