import assert from "node:assert/strict";
import { LogHealth } from "../../../../relay/core/log/log_health.ts";

Deno.test("LogHealth: a clock that is more than two seconds off, either way, is told, and no less", () => {
  const health = new LogHealth();
  health.seen({ wall: 0, mono: 0 });
  const told = [-2_001, -2_000, 0, 2_000, 2_001].map((skew) => {
    health.measured(skew);
    return health.trouble;
  });
  assert.deepEqual(told, [
    "this host's clock is 2001 ms behind the log's",
    ...[null, null, null],
    "this host's clock is 2001 ms ahead of the log's",
  ]);
});
