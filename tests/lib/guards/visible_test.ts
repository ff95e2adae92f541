import assert from "node:assert/strict";
import fc from "fast-check";
import { makeVisible, visibleJson } from "../../../lib/guards/visible.ts";
import { refusedKind } from "../../../lib/text_rules/characters.ts";

Deno.test("makeVisible: what is refused becomes a mark with its code point", () => {
  assert.equal(makeVisible("a\u202eb"), "a‹U+202E›b");
  assert.equal(makeVisible("\u001b[2J"), "‹U+001B›[2J");
  assert.equal(makeVisible("\u{e0041}"), "‹U+E0041›");
  assert.equal(makeVisible("\ud800"), "‹U+D800›");
});

Deno.test("makeVisible: leaves the rest alone", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const isClean = [...text].every((one) =>
        refusedKind(one.codePointAt(0) as number) === null
      );
      fc.pre(isClean);
      assert.equal(makeVisible(text), text);
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("visibleJson: parses to the same value, and holds no character that steers", () => {
  const values = fc.dictionary(
    fc.string({ unit: "binary" }),
    fc.oneof(fc.string({ unit: "binary" }), fc.integer(), fc.boolean()),
  );
  fc.assert(
    fc.property(values, (value) => {
      const json = visibleJson(value);
      assert.deepEqual(JSON.parse(json), JSON.parse(JSON.stringify(value)));
      for (const character of json) {
        const kind = refusedKind(character.codePointAt(0) as number);
        assert.equal(kind, null);
      }
    }),
    { numRuns: 2_000 },
  );
});
