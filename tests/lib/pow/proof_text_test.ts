import assert from "node:assert/strict";
import fc from "fast-check";
import {
  BLOCK_BYTES,
  leadLength,
  LEADS,
  leadText,
  TAILS,
  tailText,
} from "../../../lib/pow/proof_text.ts";

const lead = fc.integer({ min: 0, max: LEADS - 1 });
const tail = fc.integer({ min: 0, max: TAILS - 1 });
const length = fc.integer({ min: 0, max: 400 });

Deno.test("leadLength: challenge and lead end on a block's edge", () => {
  fc.assert(fc.property(length, (bytes) => {
    assert.equal((bytes + leadLength(bytes)) % BLOCK_BYTES, 0);
    assert.ok(leadLength(bytes) >= 6 && leadLength(bytes) < 70);
  }));
});

Deno.test("leadText, tailText: a proof is under 128 characters that JSON leaves alone", () => {
  fc.assert(fc.property(length, lead, tail, (bytes, l, t) => {
    assert.equal(leadText(bytes, l).length, leadLength(bytes));
    assert.equal(tailText(t).length, 55);
    assert.match(leadText(bytes, l) + tailText(t), /^[\w-]{61,127}$/);
  }));
});

Deno.test("leadText, tailText: different numbers make different texts", () => {
  fc.assert(fc.property(length, lead, lead, (bytes, a, b) => {
    assert.equal(leadText(bytes, a) === leadText(bytes, b), a === b);
  }));
  assert.equal(
    new Set(Array.from({ length: TAILS }, (_, t) => tailText(t))).size,
    TAILS,
  );
});
