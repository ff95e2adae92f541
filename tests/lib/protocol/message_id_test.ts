import assert from "node:assert/strict";
import { isMessageId } from "../../../lib/protocol/message_id.ts";

/** Ids that a stranger could choose so that they are read as something else where they are copied to. */
const ODD = [
  ["a flag with a value", "--file=/etc/passwd"],
  ["a switch", "--force"],
  ["a short flag", "-h"],
  ["standard input", "-"],
  ["nothing", ""],
  ["two words", "a b"],
  ["a command", "$(id)"],
  ["a quote", "it's"],
  ["a path's separator", "a/b"],
  ["a line end", "a\n"],
  ["a wide hyphen", "—force"],
  ["other letters", "Ä"],
  ["129 characters", "a".repeat(129)],
] as const;

for (const [told, id] of ODD) {
  Deno.test(`isMessageId: ${told} is none`, () => {
    assert.equal(isMessageId(id), false);
  });
}

Deno.test("isMessageId: what programs make is one", () => {
  const ids = ["1", crypto.randomUUID(), "msg_1.2:3-", "a-", "a".repeat(128)];
  for (const id of ids) assert.equal(isMessageId(id), true, id);
});
