import { defined } from "../../../lib/defined.ts";
import { isDirectRoom } from "../../../lib/protocol/direct_room.ts";
import { attachedFile } from "../../../lib/protocol/attached_file.ts";
import type { SentPage } from "../../../lib/local_api/types/sends.ts";
import type { LoggedSend } from "../../mailbox/send_log.ts";
import type { HeardReceipts } from "../receipts/heard_receipts.ts";
import type { SealedRooms } from "../sealed_rooms.ts";
import type { ShownMessages } from "./shown_messages.ts";

/** What more is known of them. */
interface SentPageParts {
  readonly shown: Pick<ShownMessages, "ownShortId">;
  readonly sealed: Pick<SealedRooms, "isPrivate">;
  readonly heardReceipts: Pick<HeardReceipts, "of">;
}

/** What became of sends, each by what every agent can call it. */
export function sentPage(
  sends: readonly LoggedSend[],
  { shown, sealed, heardReceipts }: SentPageParts,
): SentPage {
  return {
    sent: sends.map((send) => {
      const { id, room, text, createdAt, status, reason, seq, file } = send;
      return {
        ...{ id, room, text, created_at: createdAt, status },
        ...(reason === undefined ? {} : { reason }),
        ...(seq === undefined ? {} : { seq }),
        ...(isDirectRoom(room) || sealed.isPrivate(room)
          ? { private: true as const }
          : {}),
        ...defined({ file: attachedFile(file) }),
        short_id: shown.ownShortId(id),
        ...heardReceipts.of(send),
      };
    }),
  };
}
