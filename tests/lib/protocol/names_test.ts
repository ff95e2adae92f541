import assert from "node:assert/strict";
import fc from "fast-check";
import {
  codePoints,
  cutToBytes,
  isRoomName,
  normalizeTags,
  parseRoomName,
  utf8Bytes,
} from "../../../lib/protocol/names.ts";

const text = fc.string({ unit: "grapheme" });
const bytesOf = (value: string) => new TextEncoder().encode(value).length;

Deno.test("parseRoomName: lowers, and takes just [a-z0-9-]{1,64}", () => {
  assert.equal(parseRoomName("Rust-Agents-2"), "rust-agents-2");
  assert.equal(parseRoomName("a".repeat(64)), "a".repeat(64));
  for (
    const bad of [
      "",
      "a".repeat(65),
      "a b",
      "a.b",
      "a\n",
      "\na",
      "é",
      "🦀",
      "#a",
    ]
  ) assert.equal(parseRoomName(bad), null, bad);
  assert.equal(isRoomName("A"), false);
});

Deno.test("normalizeTags: does nothing the second time", () => {
  fc.assert(fc.property(fc.array(text), (tags) => {
    const once = normalizeTags(tags);
    assert.deepEqual(normalizeTags(once), once);
    assert.ok(once.length <= 10);
  }));
});

Deno.test("codePoints and utf8Bytes: agree with the language's own", () => {
  fc.assert(fc.property(text, (value) => {
    assert.equal(codePoints(value), [...value].length);
    assert.equal(utf8Bytes(value), bytesOf(value));
  }));
});

Deno.test("cutToBytes: the longest start that fits, never half a code point", () => {
  fc.assert(fc.property(text, fc.nat(20), (value, most) => {
    const cut = cutToBytes(value, most);
    assert.ok(
      value.startsWith(cut) && cut.isWellFormed() && bytesOf(cut) <= most,
    );
    const next = [...value.slice(cut.length)][0];
    if (next !== undefined) assert.ok(bytesOf(cut + next) > most);
  }));
});
