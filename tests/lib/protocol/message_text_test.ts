import assert from "node:assert/strict";
import fc from "fast-check";
import {
  parseMessageText,
  type TextFault,
} from "../../../lib/protocol/message_text.ts";

const REFUSED: readonly [text: string, fault: TextFault][] = [
  ["", { kind: "empty" }],
  [" \n\t", { kind: "empty" }],
  ["a".repeat(32_769), { kind: "too_long", bytes: 32_769, most: 32_768 }],
  ["é".repeat(16_385), { kind: "too_long", bytes: 32_770, most: 32_768 }],
  // Six bytes each as JSON, and two quotes.
  [
    "\u0001".repeat(20_000),
    { kind: "too_long", bytes: 120_002, most: 64_512 },
  ],
  ["a\bb", { kind: "uncarried", what: "U+0008, a backspace" }],
  ["a\fb", { kind: "uncarried", what: "U+000C, a form feed" }],
  ["a\ud800b", { kind: "uncarried", what: "half a character" }],
];

for (const [text, fault] of REFUSED) {
  const shown = JSON.stringify(text).slice(0, 16);
  Deno.test(`parseMessageText: refuses ${shown} (${text.length})`, () => {
    assert.deepEqual(parseMessageText(text), { ok: false, fault });
  });
}

Deno.test("parseMessageText: takes the longest text, and keeps white space", () => {
  for (const text of ["a".repeat(32_768), " a\n", "\u0000", "🦀"]) {
    assert.deepEqual(parseMessageText(text), { ok: true, text });
  }
});

Deno.test("parseMessageText: what it takes comes back from UTF-8 and JSON as it was, and fits a frame", () => {
  const unit = fc.constantFrom("a", " ", "\n", "\b", "\f", "\ud83e", "\udd80");
  fc.assert(fc.property(fc.string({ unit }), (text) => {
    const parsed = parseMessageText(text);
    const bytes = new TextEncoder().encode(JSON.stringify(text));
    const back = JSON.parse(new TextDecoder().decode(bytes));
    const isCarried = back === text && !/[\b\f]/.test(text) &&
      new TextDecoder().decode(new TextEncoder().encode(text)) === text &&
      /\S/.test(text);
    assert.equal(parsed.ok, isCarried);
  }));
});
