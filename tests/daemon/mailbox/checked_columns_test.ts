import assert from "node:assert/strict";
import {
  messageTextOf,
  roomNameOf,
} from "../../../daemon/mailbox/checked_columns.ts";
import { isDamage } from "../../../daemon/mailbox/damage.ts";

/** What a call throws. */
function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

Deno.test("roomNameOf, messageTextOf: what was written there comes back, all else is damage of the file", () => {
  assert.equal(roomNameOf({ room: "tea-2" }, "room"), "tea-2");
  assert.equal(messageTextOf({ text: " a\n" }, "text"), " a\n");
  for (const room of ["Tea", "", "a".repeat(65), null, 5]) {
    assert.ok(isDamage(thrownBy(() => roomNameOf({ room }, "room"))));
  }
  for (const text of ["", "a\b", "a".repeat(32_769), null, 5]) {
    assert.ok(isDamage(thrownBy(() => messageTextOf({ text }, "text"))));
  }
});
