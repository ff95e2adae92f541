import assert from "node:assert/strict";
import fc from "fast-check";
import {
  drawMarker,
  foreignName,
  foreignText,
  makeFence,
  MARKER_BYTES,
} from "../../../lib/guards/fence.ts";
import { refusedKind } from "../../../lib/text_rules/characters.ts";
import { HOSTILE_TEXTS } from "../../fakes/hostile_text.ts";

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(...HOSTILE_TEXTS.map((one) => one.text)),
);

const ASCII = Array.from(
  { length: 0x80 },
  (_, code) => String.fromCharCode(code),
);

function assertShowable(text: string): void {
  for (const character of text) {
    assert.equal(refusedKind(character.codePointAt(0) as number), null);
  }
}

Deno.test("drawMarker: eight characters of base58, of the random bytes alone", () => {
  const marker = drawMarker(Uint8Array.from({ length: MARKER_BYTES }, () => 7));
  assert.match(marker, /^[1-9A-HJ-NP-Za-km-z]{8}$/);
  assert.notEqual(marker, drawMarker(new Uint8Array(MARKER_BYTES)));
});

Deno.test("makeFence: both lines hold the marker, and the first says untrusted", () => {
  const { open, close } = makeFence("abcdefgh");
  assert.match(open, /^⟦untrusted abcdefgh: /);
  assert.equal(close, "⟦end abcdefgh⟧");
});

Deno.test("foreignText: one line, nothing that steers, no bracket of a fence", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const shown = foreignText(text);
      assertShowable(shown);
      assert.doesNotMatch(shown, /[⟦⟧〚〛⟬⟭]/);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("foreignText: ordinary text of any script stays as it is", () => {
  for (
    const text of [
      "Assam, please",
      "漢字 और عربي",
      "😀 ✓ · — … ‹›",
      "if (a < b) { c(); }",
    ]
  ) {
    assert.equal(foreignText(text), text);
  }
});

Deno.test("foreignText: each kind of line end is one mark, and a mark of the author's own is not", () => {
  for (const end of ["\n", "\r", "\r\n", "\v", "\f", "\u0085", "\u2028"]) {
    assert.equal(foreignText(`a${end}b`), "a ⏎ b");
  }
  assert.equal(foreignText("a ⏎ b"), "a ‹U+23CE› b");
});

Deno.test("foreignText: spaces can't push text to where a line would begin", () => {
  const shown = foreignText(`a${" ".repeat(500)}bob·5hRk2mVq ✓: yes`);
  assert.match(shown, /a ‹500 spaces› bob/);
});

Deno.test("foreignText: no more spaces in a row than a line of code begins with, all of one width", () => {
  for (const { text } of HOSTILE_TEXTS) {
    assert.doesNotMatch(foreignText(text), /\p{Zs}{17,}|[^\P{Zs} ]/u);
  }
  const code = `if (a) {\n${" ".repeat(12)}b();`;
  assert.equal(foreignText(code), `if (a) { ⏎ ${" ".repeat(12)}b();`);
});

Deno.test("foreignText, foreignName: four marks stay on a letter, none on a sign of ours", () => {
  const four = `q${"\u0323".repeat(4)}`;
  for (const shown of [foreignText, foreignName]) {
    assert.equal(shown(four), four);
    assert.equal(shown(`${four}\u0323\u0301`), `${four}‹2 marks›`);
    assert.equal(shown("\u0338a"), "‹1 marks›a");
  }
});

Deno.test("foreignText, foreignName: an emoji's form is left to the reader, any other selector is told", () => {
  for (const shown of [foreignText, foreignName]) {
    assert.equal(shown("tea 🫖\ufe0f"), "tea 🫖");
    assert.equal(shown("a\ufe0f"), "a‹U+FE0F›");
    assert.equal(shown("🫖\ufe0f\ufe0e"), "🫖‹U+FE0E›");
  }
});

Deno.test("foreignName: spaces that no eye counts are told", () => {
  assert.equal(foreignName(" "), "‹U+0020›");
  assert.equal(foreignName("bob "), "bob‹U+0020›");
  assert.equal(foreignName(`bob${" ".repeat(30)}x`), "bob‹30 spaces›x");
});

Deno.test("foreignName: bounded, showable, and without the signs of a speaker", () => {
  fc.assert(
    fc.property(anyText, (name) => {
      const shown = foreignName(name);
      assertShowable(shown);
      assert.doesNotMatch(shown, /[·✓:⟦⟧⏎]|✅/u);
      assert.ok([...shown].length <= 40 * 9 + 1, shown);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("foreignName: ordinary names stay as they are", () => {
  for (
    const name of ["bob", "Ada L.", "O'Neil_2", "漢字", "Jürgen", "tea-bot"]
  ) {
    assert.equal(foreignName(name), name);
  }
});

Deno.test("foreignText, foreignName: plain ASCII is shown as it is beside other letters, which are looked at one by one", () => {
  const ascii = fc.string({
    unit: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...ASCII) },
      { weight: 1, arbitrary: fc.constant(" ".repeat(9)) },
      { weight: 1, arbitrary: fc.constant(" ") },
    ),
    maxLength: 38,
  });
  fc.assert(
    fc.property(ascii, (text) => {
      assert.equal(foreignText(`${text}é`), `${foreignText(text)}é`);
      const name = `${text.slice(0, 38)}b`;
      assert.equal(foreignName(`${name}é`), `${foreignName(name)}é`);
    }),
    { numRuns: 2_000 },
  );
  assert.equal(foreignText(" ".repeat(16)), " ".repeat(16));
  assert.equal(foreignText(" ".repeat(17)), " ‹17 spaces› ");
  assert.equal(foreignName("b".repeat(40)), "b".repeat(40));
  assert.equal(foreignName("b".repeat(41)), `${"b".repeat(40)}…`);
});
