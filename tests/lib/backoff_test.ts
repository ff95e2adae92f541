import assert from "node:assert/strict";
import { fullJitter } from "../../lib/backoff.ts";

Deno.test("fullJitter: the ceiling is 0.5 s, doubles, and stops at 30 s", () => {
  const ceilings = [0, 1, 2, 3, 4, 5, 6, 7, 1000].map((attempt) =>
    fullJitter(attempt, 0.9999999)
  );
  assert.deepEqual(ceilings, [
    499,
    999,
    1999,
    3999,
    7999,
    15999,
    29999,
    29999,
    29999,
  ]);
});

Deno.test("fullJitter: spreads over the whole of it, down to nothing", () => {
  assert.equal(fullJitter(5, 0), 0);
  assert.equal(fullJitter(5, 0.5), 8000);
  assert.equal(fullJitter(2, 0.5, { firstMs: 10, mostMs: 20 }), 10);
});
