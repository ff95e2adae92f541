import assert from "node:assert/strict";
import { hostileServer } from "../scenarios/hostile_server.ts";

const MOST_MS = 50;
/** In a flood that takes the daemon a whole core, beside whoever floods and whoever asks. */
const MOST_IN_FLOOD_MS = 120;

for (const relay of ["silent", "too hard", "hard", "large frame"] as const) {
  Deno.test(`daemon: the local API answers within 50 ms while the relay is ${relay}`, async () => {
    const result = await hostileServer(relay, { ms: 15_000 });
    assert.ok(result.p99Ms <= MOST_MS, JSON.stringify(result));
  });
}

for (const flood of ["garbage", "forged"] as const) {
  Deno.test(`daemon: the local API answers within 120 ms, 99 of 100 times, in a flood of ${flood}`, async () => {
    const result = await hostileServer(flood, { ms: 30_000, inTea: true });
    assert.equal(result.unanswered, 0);
    assert.ok(result.p99Ms <= MOST_IN_FLOOD_MS, JSON.stringify(result));
  });
}
