import assert from "node:assert/strict";
import fc from "fast-check";
import {
  findRefused,
  isBlank,
  refusedKind,
} from "../../../lib/text_rules/characters.ts";

Deno.test("findRefused: names the first refused character of each kind", () => {
  const cases: [string, string][] = [
    ["a\u0000", "a control character"],
    ["a\u001b[31m", "a control character"],
    ["a\u009b", "a control character"],
    ["line\nline", "a control character"],
    ["a\u2028b", "a control character"],
    ["a\u202eb", "a character that changes the direction of text"],
    ["a\u2067b", "a character that changes the direction of text"],
    ["a\u200bb", "an invisible character"],
    ["\ufeffa", "an invisible character"],
    ["a\u00adb", "an invisible character"],
    ["a\u{e0041}", "a tag character"],
    ["a\u{e0100}", "an invisible character"],
    ["a\ud800b", "half a character"],
    ["a\uffff", "a character that no text should hold"],
  ];
  for (const [text, kind] of cases) assert.equal(findRefused(text), kind);
});

Deno.test("findRefused: takes ordinary text of many scripts", () => {
  for (
    const text of [
      "",
      "Sei",
      "漢字",
      "naïve café",
      "😀",
      "שלום",
      "مرحبا",
      "a b-c_d.e",
    ]
  ) {
    assert.equal(findRefused(text), null, text);
  }
});

Deno.test("findRefused: agrees with Unicode's own classes Cc, Zl, Zp, Cs and bidi controls", () => {
  const refused = /^[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}]$/u;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0x10ffff }), (codePoint) => {
      if (refused.test(String.fromCodePoint(codePoint))) {
        assert.notEqual(refusedKind(codePoint), null, codePoint.toString(16));
      }
    }),
    { numRuns: 20_000 },
  );
  for (let codePoint = 0; codePoint < 0x3000; codePoint++) {
    const text = String.fromCodePoint(codePoint);
    if (refused.test(text)) assert.notEqual(findRefused(text), null);
    if (
      /^[\p{L}\p{Nd}]$/u.test(text) &&
      !/^\p{Default_Ignorable_Code_Point}$/u.test(text)
    ) {
      assert.equal(findRefused(text), null, codePoint.toString(16));
    }
  }
});

Deno.test("refusedKind: everything that Unicode says is drawn as nothing, and what is so without being said", () => {
  const ignorable = /^\p{Default_Ignorable_Code_Point}$/u;
  for (let codePoint = 0; codePoint <= 0x10ffff; codePoint++) {
    if (ignorable.test(String.fromCodePoint(codePoint))) {
      assert.notEqual(refusedKind(codePoint), null, codePoint.toString(16));
    }
  }
  for (const codePoint of [0x2800, 0x16fe4, 0x1d159, 0x13430, 0x1107f]) {
    assert.equal(refusedKind(codePoint), "an invisible character");
  }
});

Deno.test("findRefused: marks pile up no higher than four, and an emoji's form is no secret", () => {
  assert.equal(findRefused(`q${"\u0323".repeat(4)}`), null);
  assert.equal(
    findRefused(`q${"\u0323".repeat(5)}`),
    "more marks on a letter than any script has",
  );
  assert.equal(findRefused("Ada \u2764\ufe0f"), null);
  assert.equal(findRefused("Ada\ufe0f"), "an invisible character");
  assert.equal(findRefused("1\ufe0f\u20e3"), null);
});

Deno.test("isBlank: what shows nothing, in any way", () => {
  for (const text of [" ", "\u3000\u00a0", "\u0301", " \u0336 "]) {
    assert.equal(isBlank(text), true, JSON.stringify(text));
  }
  for (const text of ["a", "漢", "😀", "-", "مرحبا"]) {
    assert.equal(isBlank(text), false, text);
  }
});
