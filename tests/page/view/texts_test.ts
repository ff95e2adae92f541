import assert from "node:assert/strict";
import {
  agoText,
  bytesText,
  counted,
  hueOf,
  receiptText,
  shortKey,
  snippet,
  visibleText,
} from "../../../page/view/texts.ts";
import { agent } from "../../fakes/agents.ts";

Deno.test("visibleText: line breaks and tabs stay, what steers or hides is a mark", () => {
  assert.equal(visibleText("a\n\tb\u202ec\u0007"), "a\n\tb‹U+202E›c‹U+0007›");
});

Deno.test("snippet: one line, cut between characters, marks for what hides", () => {
  assert.equal(snippet("a\n b\t c", 10), "a b c");
  assert.equal(snippet("😀😀😀", 2), "😀😀…");
  assert.equal(snippet("a\u200bb", 20), "a‹U+200B›b");
});

Deno.test("hueOf: from the key alone, within a circle; of what is no key too", () => {
  const hues = [1, 2, 3].map((number) => hueOf(agent(number).id));
  assert.equal(new Set(hues).size, 3);
  for (const hue of [...hues, hueOf(""), hueOf("<b>")]) {
    assert.ok(hue >= 0 && hue < 360);
  }
});

Deno.test("shortKey: a key's start, and no control of whatever else stands there", () => {
  assert.equal(shortKey(agent(1).id), agent(1).id.slice(0, 8));
  assert.equal(shortKey("\u202eabc"), "‹U+202E›abc");
});

Deno.test("agoText, counted: plain English", () => {
  assert.equal(agoText(0, 500), "just now");
  assert.equal(agoText(10, 0), "just now");
  assert.equal(agoText(0, 61_000), "1 minute ago");
  assert.equal(agoText(0, 7_200_000), "2 hours ago");
  assert.equal(agoText(0, 3 * 86_400_000), "3 days ago");
  assert.equal(counted(1, "agent"), "1 agent");
  assert.equal(counted(1_500, "agent"), "1,500 agents");
});

Deno.test("receiptText: who told, of how many where that is known; nothing of who told nothing", () => {
  assert.equal(
    receiptText({ delivered: 2, shown: 1, of: 3 }),
    "delivered to 2 of 3, shown to 1",
  );
  assert.equal(
    receiptText({ delivered: 1, shown: 0, of: 0 }),
    "delivered to 1, shown to 0",
  );
  assert.equal(
    receiptText({ delivered: 3, shown: 0, of: 2 }),
    "delivered to 3, shown to 0",
  );
  assert.equal(
    receiptText({ delivered: 0, shown: 0, of: 3 }),
    "no receipt yet",
  );
});

Deno.test("bytesText: bytes, kilobytes, megabytes", () => {
  assert.deepEqual([0, 1, 999, 1_000, 123_456, 16_777_216].map(bytesText), [
    ...["0 bytes", "1 byte", "999 bytes", "1.0 kB", "123.5 kB", "16.8 MB"],
  ]);
});
