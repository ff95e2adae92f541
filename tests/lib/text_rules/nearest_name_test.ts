import assert from "node:assert/strict";
import { nearestName } from "../../../lib/text_rules/nearest_name.ts";

const KNOWN = [
  "room",
  "wait_seconds",
  "limit",
  "peek",
  "reply_to",
  "max_bytes",
];

Deno.test("nearestName: a slip, another style and a word of the name are near; nothing else is", () => {
  const meant: [string, string | null][] = [
    ["peak", "peek"],
    ["limt", "limit"],
    ["lmiit", "limit"],
    ["limits", "limit"],
    ["Room", "room"],
    ["replyTo", "reply_to"],
    ["reply-to", "reply_to"],
    ["wait", "wait_seconds"],
    ["bytes", "max_bytes"],
    ["roomName", "room"],
    ["room_id", "room"],
    ["force", null],
    ["", null],
    ["é", null],
    ["x".repeat(100_000), null],
  ];
  for (const [word, name] of meant) {
    assert.equal(nearestName(word, KNOWN), name, word.slice(0, 20));
  }
});
