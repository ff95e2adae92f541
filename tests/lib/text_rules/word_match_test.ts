import assert from "node:assert/strict";
import { wordMatch } from "../../../lib/text_rules/word_match.ts";

Deno.test("wordMatch: all the words, in any case, with or without accents, also inside longer ones", () => {
  const holds = wordMatch(" Earl  gréy ");
  for (const text of ["EARL GREY", "greyish earls", "gre\u0301y, Earl!"]) {
    assert.ok(holds(text), text);
  }
  for (const text of ["earl", "grey", "", "e a r l grey"]) {
    assert.ok(!holds(text), text);
  }
});
