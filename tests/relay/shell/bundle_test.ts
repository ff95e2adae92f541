import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { Bundle } from "../../../relay/shell/bundle.ts";

const frames = fc.array(fc.string({ minLength: 1, maxLength: 9 }), {
  maxLength: 8,
});

Deno.test("Bundle: its bytes are those of its frames in order, whatever else was made of its beginnings", () => {
  fc.assert(fc.property(frames, frames, (texts, others) => {
    let one = Bundle.empty();
    for (const [i, text] of texts.entries()) {
      one.with(Buffer.from(others[i] ?? "-"));
      one = one.with(Buffer.from(text));
    }
    assert.equal(one.length, Buffer.byteLength(texts.join("")));
    assert.equal(one.bytes.toString(), texts.join(""));
  }));
});

Deno.test("Bundle: whoever is due the same frames has the same bytes, joined once", () => {
  const start = Bundle.empty();
  const [first, second] = [Buffer.from("one"), Buffer.from("two")];
  const members = Array.from({ length: 5 }, () => start.with(first))
    .map((bundle) => bundle.with(second));
  assert.equal(new Set(members).size, 1);
  const [one, other] = members;
  assert.equal(one?.bytes, other?.bytes);
  assert.equal(start.with(first).bytes, first);
});
