import assert from "node:assert/strict";
import { spreadOf } from "../../../lib/diagnosis/spread.ts";

Deno.test("spreadOf: nearest rank, to a tenth, in any order", () => {
  const times = Array.from({ length: 100 }, (_, i) => 100.04 - i);
  assert.deepEqual(spreadOf(times), {
    ...{ count: 100, median: 50, p95: 95, max: 100 },
  });
  assert.deepEqual(spreadOf([7]), { count: 1, median: 7, p95: 7, max: 7 });
  assert.equal(spreadOf([]), null);
});
