import type { HistoryMessage } from "../../lib/local_api/types/messages.ts";
import type {
  HistoryPage,
  HistoryQuery,
} from "../../lib/local_api/types/history.ts";

/** The page that a daemon gives of these, oldest first. */
export function toldHistory(
  rows: readonly HistoryMessage[],
  { room, limit, before_seq = Infinity, before = Infinity }: HistoryQuery,
): HistoryPage {
  const older = rows.filter(({ seq, timestamp }) =>
    (before_seq === Infinity || (seq ?? 0) < before_seq) && timestamp < before
  );
  const messages = older.slice(-limit);
  const [first] = messages;
  const page = { room, messages, has_more: older.length > limit };
  if (!page.has_more || first === undefined) return page;
  const { seq, timestamp } = first;
  // One millisecond is read twice, so that messages of the same one aren't lost.
  const at = timestamp + 1 < before ? timestamp + 1 : timestamp;
  const earlier = seq === undefined ? { before: at } : { before_seq: seq };
  return { ...page, earlier };
}
