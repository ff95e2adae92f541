import assert from "node:assert/strict";
import fc from "fast-check";
import { scan } from "../../../lib/protocol/scan.ts";

const strict = { wholeNumbers: true };

Deno.test("scan: refuses nesting over 32 levels and takes 32", () => {
  assert.equal(scan("[".repeat(32) + "]".repeat(32), strict), null);
  assert.equal(
    scan("[".repeat(33) + "]".repeat(33), strict),
    "nested too deeply",
  );
  assert.equal(
    scan('{"a":'.repeat(33) + "1" + "}".repeat(33), strict),
    "nested too deeply",
  );
  assert.equal(scan("[".repeat(65_000), strict), "nested too deeply");
  assert.equal(scan('"' + "[".repeat(100) + '"', strict), null);
});

Deno.test("scan: refuses doubled keys however they are written", () => {
  for (
    const text of [
      '{"a":1,"a":2}',
      '{"a":1,"\\u0061":2}',
      '{"x":{"b":1 , "b" : 2}}',
      '[{"":1,"":2}]',
      '{"a":{"a":1},"b":[],"a":2}',
      '{"\\ud83d\\ude00":1,"😀":2}',
      '{"__proto__":1,"__proto__":2}',
    ]
  ) {
    assert.equal(scan(text, strict), "doubled key", text);
  }
  for (
    const text of [
      '{"a":{"a":{"a":1}}}',
      '{"a":"a","b":"a"}',
      '[{"a":1},{"a":1}]',
      '["a","a"]',
      '{"a":"a:"}',
    ]
  ) {
    assert.equal(scan(text, strict), null, text);
  }
});

Deno.test("scan: refuses lone surrogates, escaped or raw, in keys and values", () => {
  for (
    const text of [
      '"\\ud800"',
      '"\\udc00\\ud800"',
      '{"\\ud83d":1}',
      '"\\ud83d\\u0041"',
      '"\ud800"',
      '"\\ud83d\ude00"',
    ]
  ) {
    assert.equal(scan(text, strict), "lone surrogate", text);
  }
  assert.equal(scan('"\\ud83d\\ude00 \\\\ud800 😀"', strict), null);
});

Deno.test("scan: takes whole numbers below 2^53 alone, and anything where it is told to", () => {
  for (
    const text of [
      "-0",
      "-0.0",
      "-0e9",
      "1.5",
      "1e-7",
      "9007199254740992",
      "1e21",
      "[1,2.5]",
      "1e999",
    ]
  ) {
    assert.equal(scan(text, strict), "number out of range", text);
    assert.equal(scan(text, { wholeNumbers: false }), null, text);
  }
  for (
    const text of ["0", "-1", "9007199254740991", "1.0", "1e3", '"1.5"', "{}"]
  ) {
    assert.equal(scan(text, strict), null, text);
  }
});

/** The naive oracle: walk what a plain recursive reader sees. */
function oracle(text: string): boolean {
  let depth = 0;
  for (const unit of text.replace(/"(?:[^"\\]|\\.)*"/g, "")) {
    if (unit === "{" || unit === "[") depth++;
    if (unit === "}" || unit === "]") depth--;
    if (depth > 32) return false;
  }
  return true;
}

Deno.test("scan: passes whatever JSON.stringify writes of whole, well-formed values", () => {
  const value = fc.jsonValue({ noUnicodeString: false, maxDepth: 6 }).filter(
    (v) => {
      const text = JSON.stringify(v);
      return !/\\ud[89a-f]/i.test(text) &&
        !/-?\d*\.\d|e[+-]|-0/.test(text.replace(/"(?:[^"\\]|\\.)*"/g, ""));
    },
  );
  fc.assert(fc.property(value, (v) => {
    const text = JSON.stringify(v);
    if (!oracle(text)) return;
    const numbers = text.replace(/"(?:[^"\\]|\\.)*"/g, "").match(/-?\d+/g) ??
      [];
    if (!numbers.every((n) => Number.isSafeInteger(Number(n)))) return;
    assert.equal(scan(text, strict), null, text);
  }));
});

Deno.test("scan: refuses more values than it may take, of every kind, in keys and lists", () => {
  const options = { wholeNumbers: true, values: 100 };
  for (const item of ["1", '""', "{}", "[]", "null", "true"]) {
    const list = `[${new Array(101).fill(item).join(",")}]`;
    assert.equal(scan(list, options), "too many values", item);
    assert.equal(scan(`[${item},${item}]`, options), null, item);
  }
  const keys = Array.from({ length: 60 }, (_, i) => `"${i}":1`).join(",");
  assert.equal(scan(`{${keys}}`, options), "too many values");
});
