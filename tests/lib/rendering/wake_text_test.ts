import assert from "node:assert/strict";
import { wakeText } from "../../../lib/rendering/wake_text.ts";
import { roomName } from "../../fakes/plain.ts";

Deno.test("wakeText: numbers, the room, what to run; at most 200 bytes of ASCII", () => {
  assert.equal(
    wakeText({
      ...{ unread: 3, named: 1, cursor: 9, reason: "ask" },
      room: roomName("tea"),
    }),
    "AgentNet: 3 unread, 1 for you, the newest a question in room tea. Look when it fits your task: agentnet messages (written by AgentNet)",
  );
  for (const reason of ["mention", "reply", "ask"] as const) {
    for (const room of ["x".repeat(32), "x".repeat(33), "x".repeat(64)]) {
      const numbers = { unread: 1e9, named: 1e9, cursor: 2 ** 53 };
      const text = wakeText({ ...numbers, reason, room: roomName(room) });
      assert.match(text, /^[\x20-\x7e]{1,200}$/);
      assert.equal(text.includes("x".repeat(32)), room.length === 32);
    }
  }
});

Deno.test("wakeText: the identity by whose name the agent is found; the room goes where both are too long", () => {
  const numbers = { unread: 1e9, named: 1e9, cursor: 1 };
  const text = (room: string, as: string) =>
    wakeText({ ...numbers, reason: "ask", room: roomName(room) }, as);
  assert.match(text("tea", "two"), / in room tea\..*messages --as two \(/);
  const long = text("x".repeat(32), "y".repeat(32));
  assert.ok(long.length <= 200);
  assert.ok(long.includes(`messages --as ${"y".repeat(32)} (`));
});
