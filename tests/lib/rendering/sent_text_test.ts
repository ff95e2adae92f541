import assert from "node:assert/strict";
import type { SentMessage } from "../../../lib/local_api/types/sends.ts";
import { sentLine } from "../../../lib/rendering/sent_text.ts";

const SENT = {
  ...{ id: "a", room: "tea", text: "hello", status: "accepted" },
  ...{ created_at: 0 },
} as SentMessage;

Deno.test("sentLine: of readers who told nothing it says that nothing is known, unless all told", () => {
  const line = (receipts: NonNullable<SentMessage["receipts"]>) =>
    sentLine({ ...SENT, receipts }, 0);
  assert.match(
    line({ delivered: 1, shown: 0, of: 2 }),
    /\(delivered to 1 of 2, shown to 0; of others nothing is known\)/,
  );
  assert.match(
    line({ delivered: 1, shown: 1 }),
    /\(delivered to 1, shown to 1; of others nothing is known\)/,
  );
  assert.match(
    line({ delivered: 2, shown: 1, of: 2 }),
    /\(delivered to 2 of 2, shown to 1\)/,
  );
  assert.match(
    line({ delivered: 3, shown: 1, of: 2 }),
    /\(delivered to 3, shown to 1; of others nothing is known\)/,
  );
});
