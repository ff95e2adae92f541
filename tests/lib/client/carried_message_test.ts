import assert from "node:assert/strict";
import { carriedMessage } from "../../../lib/client/carried_message.ts";

const PLAIN = { id: "a", room: "tea", text: "x" };

Deno.test("carriedMessage: a relay gets the fields that it passes on, and no other", () => {
  const message = {
    ...PLAIN,
    ...{ reply_to: "r", kind: "claim", receipt: true } as const,
  };
  const { receipt: _, ...fields } = message;
  assert.deepEqual(carriedMessage(message, new Set()), PLAIN);
  assert.deepEqual(carriedMessage(message, new Set(["fields"])), fields);
  const all = new Set(["fields", "marks"]);
  assert.deepEqual(carriedMessage(message, all), message);
});

Deno.test("carriedMessage: a person's message is refused rather than sent without its mark", () => {
  const message = { ...PLAIN, written_by: "person" } as const;
  assert.throws(() => carriedMessage(message, new Set(["marks"])), {
    code: "TEXT_INVALID",
  });
  assert.deepEqual(carriedMessage(message, new Set(["fields"])), message);
});
