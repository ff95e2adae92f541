import type { MessageKind } from "../../../lib/protocol/message_kind.ts";
import type { SentFile } from "../../mailbox/file_column.ts";
import type { Writer } from "../../../lib/protocol/written_by.ts";
import type { MessageText } from "../../../lib/protocol/message_text.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";

/** A message that is to go out. */
export interface NewSend {
  readonly id: string;
  readonly room: RoomName;
  readonly text: MessageText;
  readonly replyTo: string | undefined;
  readonly kind?: MessageKind | undefined;
  readonly receipt?: boolean | undefined;
  readonly writtenBy?: Writer | undefined;
  readonly file?: SentFile | undefined;
}
