import assert from "node:assert/strict";
import { NonceTable } from "../../../../relay/core/edge/nonces.ts";

Deno.test("NonceTable: keeps a nonce until its time, by agent, and then is empty again", () => {
  const table = new NonceTable(100);
  const long = "x".repeat(128);
  table.add("a", "1", 1_000_000);
  table.add("a", long, 1_000_000);
  assert.ok(table.has("a", "1") && table.has("a", long));
  assert.ok(!table.has("b", "1") && !table.has("a", long + "y"));
  table.sweep(1_000_000);
  assert.ok(table.has("a", "1"));
  table.sweep(1_000_000 + 16_384);
  assert.ok(!table.has("a", "1"));
  assert.equal(table.size, 0);
});

Deno.test("NonceTable: holds no more than it may; the oldest step can be dropped", () => {
  const table = new NonceTable(3);
  for (const time of [1e6, 2e6, 3e6]) {
    assert.ok(table.add("a", `${time}`, time));
  }
  assert.ok(!table.add("a", "4", 4e6));
  table.dropOldest();
  assert.ok(table.add("a", "4", 4e6));
  assert.ok(!table.has("a", "1000000") && table.has("a", "3000000"));
  assert.equal(table.size, 3);
});
