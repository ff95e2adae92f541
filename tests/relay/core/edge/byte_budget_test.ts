import assert from "node:assert/strict";
import { ByteBudget } from "../../../../relay/core/edge/byte_budget.ts";

const budget = (most = 1_000) =>
  new ByteBudget({ most, spanMs: 60_000, keys: 2 });

Deno.test("ByteBudget: as much as fits at once, then as fast as the bucket empties", () => {
  const bytes = budget();
  assert.equal(bytes.wait("a", 0), 0);
  bytes.count("a", 1_500, 0);
  const wait = bytes.wait("a", 0);
  assert.ok(wait >= 30_000 && wait <= 30_001, `${wait}`);
  assert.ok(bytes.wait("a", 29_000) > 0);
  assert.equal(bytes.wait("a", 30_001), 0);
  assert.equal(bytes.wait("b", 0), 0);
});

Deno.test("ByteBudget: over a long time no more than its rate goes out, whatever the pieces", () => {
  const bytes = budget();
  let sent = 0;
  for (let now = 0; now < 600_000; now += 10) {
    if (bytes.wait("a", now) > 0) continue;
    const piece = 1 + now % 300;
    bytes.count("a", piece, now);
    sent += piece;
  }
  assert.ok(sent <= 10 * 1_000 + 1_000 + 300, `${sent}`);
  assert.ok(sent >= 10 * 1_000, `${sent}`);
});

Deno.test("ByteBudget: keeps no more keys than it may, and none that has emptied", () => {
  const bytes = budget();
  for (const key of ["a", "b", "c"]) bytes.count(key, 10, 0);
  assert.equal(bytes.size, 2);
  bytes.sweep(60_000);
  assert.equal(bytes.size, 0);
});

Deno.test("ByteBudget: Infinity lets all through and keeps nothing", () => {
  const bytes = budget(Infinity);
  bytes.count("a", 10 ** 12, 0);
  assert.deepEqual([bytes.wait("a", 0), bytes.size], [0, 0]);
});
