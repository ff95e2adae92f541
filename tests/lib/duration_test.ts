import assert from "node:assert/strict";
import { durationMs, type DurationUnit } from "../../lib/duration.ts";

const ALL: readonly DurationUnit[] = ["ms", "s", "m", "h", "d"];

Deno.test("durationMs: each unit in whole milliseconds", () => {
  const table = { "500ms": 500, "60s": 60_000, "10m": 600_000 } as const;
  for (const [text, ms] of Object.entries(table)) {
    assert.equal(durationMs(text, ALL), ms);
  }
  assert.equal(durationMs("2h", ALL), 7_200_000);
  assert.equal(durationMs("30d", ALL), 2_592_000_000);
  assert.equal(durationMs("0s", ALL), 0);
  assert.equal(durationMs("999999999d", ALL), 999_999_999 * 86_400_000);
});

Deno.test("durationMs: only the units that are named, and nothing but a whole number before them", () => {
  assert.equal(durationMs("1d", ["ms", "s", "m", "h"]), null);
  assert.equal(durationMs("1m", ["ms"]), null);
  const wrong = ["", "0", "60", "s", "-1s", "1.5s", "1 s", " 1s", "1S", "1w"];
  for (const text of [...wrong, "1ss", "1s\n", "1000000000s", "1sm"]) {
    assert.equal(durationMs(text, ALL), null, JSON.stringify(text));
  }
});
