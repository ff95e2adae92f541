import type { ReceiptPolicy } from "../../../lib/local_api/receipt_policy.ts";
import { type AuthorMarks, MARKS } from "../../../lib/protocol/marks_frames.ts";
import { utf8Bytes } from "../../../lib/protocol/names.ts";
import type { WantedReceipt } from "../../mailbox/wanted_receipts.ts";

/** What stands around each id. */
const AROUND_ID = 3;

/** As many as one frame holds: of so many authors, so many of each, in so many bytes; authors choose how long ids are. */
export function firstOf(
  wanted: readonly WantedReceipt[],
  mostIdBytes: number,
): readonly WantedReceipt[] {
  let left = mostIdBytes;
  return [...Map.groupBy(wanted, ({ author }) => author).values()]
    .slice(0, MARKS.authors)
    .flatMap((ofOne) => ofOne.slice(0, MARKS.ids))
    .filter(({ id }) => (left -= utf8Bytes(id) + AROUND_ID) >= 0);
}

/** What is told of them, each once: that it was shown says that it arrived. */
export function marksOf(
  told: readonly WantedReceipt[],
  policy: ReceiptPolicy,
): AuthorMarks[] {
  const ids = (list: readonly WantedReceipt[], isShown: boolean) =>
    list.filter((one) => (one.isShown && policy === "shown") === isShown)
      .map(({ id }) => id);
  return [...Map.groupBy(told, ({ author }) => author)].map(
    ([author, ofOne]) => ({
      author,
      delivered: ids(ofOne, false),
      shown: ids(ofOne, true),
    }),
  );
}
