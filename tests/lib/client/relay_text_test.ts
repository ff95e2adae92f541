import assert from "node:assert/strict";
import fc from "fast-check";
import { relayText } from "../../../lib/client/relay_text.ts";

Deno.test("relayText: leaves plain text of any script alone", () => {
  assert.equal(relayText("Grüße, 日本 🙂"), "Grüße, 日本 🙂");
});

Deno.test("relayText: what steers a terminal or turns text round becomes U+FFFD", () => {
  const hostile = "a\u001b[2J\r\n\u0085\u2028\u202e\u2066\u200b\ufeff\ud800b";
  assert.equal(relayText(hostile).replaceAll("\ufffd", ""), "a[2Jb");
});

Deno.test("relayText: at most 200 characters, well-formed, whatever comes", () => {
  fc.assert(fc.property(
    fc.string({ unit: "binary", maxLength: 600 }),
    (text) => {
      const shown = relayText(text);
      assert.ok([...shown].length <= 200);
      assert.ok(shown.isWellFormed());
      assert.ok(!/[\p{Cc}\p{Cf}]/u.test(shown));
    },
  ));
  assert.equal([...relayText("🙂".repeat(300))].length, 200);
});
