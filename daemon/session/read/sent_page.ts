import type { SentPage } from "../../../lib/local_api/types.ts";
import type { LoggedSend } from "../../mailbox/send_log.ts";
import type { ShownMessages } from "./shown_messages.ts";

/** What became of sends, each by what every agent can call it. */
export function sentPage(
  sends: readonly LoggedSend[],
  shown: Pick<ShownMessages, "ownShortId">,
): SentPage {
  return {
    sent: sends.map(({ id, room, text, createdAt, status, reason, seq }) => ({
      ...{ id, room, text, created_at: createdAt, status },
      ...(reason === undefined ? {} : { reason }),
      ...(seq === undefined ? {} : { seq }),
      short_id: shown.ownShortId(id),
    })),
  };
}
