import assert from "node:assert/strict";
import fc from "fast-check";
import { signOf, WordSigns } from "../../../../relay/core/rooms/word_signs.ts";

Deno.test("WordSigns: every beginning of a word may begin one", () => {
  const words = fc.array(fc.string({ unit: "binary", minLength: 1 }), {
    maxLength: 48,
  });
  fc.assert(
    fc.property(words, (some) => {
      const signs = new WordSigns(some);
      for (const word of some) {
        for (let end = 1; end <= word.length; end++) {
          assert.ok(signs.mayBegin(signOf(word.slice(0, end))));
        }
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("WordSigns: of a room with 48 words that look alike, few in a hundred others pass", () => {
  const words = Array.from({ length: 48 }, (_, i) => `common${i}`);
  const signs = new WordSigns(words);
  let passed = 0;
  for (let i = 1_000; i < 11_000; i++) {
    if (signs.mayBegin(signOf(`common${i}x`))) passed++;
  }
  assert.ok(passed < 500, `${passed} of 10,000`);
});
