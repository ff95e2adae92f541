import assert from "node:assert/strict";
import fc from "fast-check";
import { sameWords } from "../../../lib/text_rules/same_words.ts";

const same = (one: string, other: string) =>
  sameWords(one) === sameWords(other);

Deno.test("sameWords: case, white space, width and what nobody sees make no difference", () => {
  for (
    const other of [
      ...["Port The PARSER", "  port\tthe\n\nparser \r\n", "port the　parser"],
      ...[
        "ｐort the parser",
        "po\u200brt the par\u00adser",
        "\ufeffport the parser",
      ],
    ]
  ) {
    assert.ok(same("port the parser", other), JSON.stringify(other));
  }
  assert.ok(same("Straße", "STRASSE"));
  assert.ok(same("caf\u00e9", "cafe\u0301"));
});

Deno.test("sameWords: every other sign does", () => {
  for (
    const other of [
      ...[
        "port the parser.",
        "port-the-parser",
        "porttheparser",
        "port a parser",
      ],
      ...["pоrt the parser", "port the parser 2", "pört the parser", ""],
    ]
  ) {
    assert.ok(!same("port the parser", other), other);
  }
});

Deno.test("sameWords: is the same words as its own text", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    assert.ok(same(sameWords(text), text));
  }));
});
