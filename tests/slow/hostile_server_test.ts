import assert from "node:assert/strict";
import {
  type HostileResult,
  hostileServer,
} from "../scenarios/hostile_server.ts";

const LOOKS = 500;
/** What 99 of 100 answers may take, in milliseconds, ... */
const MOST_MS = 50;
/** ... and in a flood that takes the daemon a whole core, beside whoever floods and whoever asks. */
const MOST_IN_FLOOD_MS = 120;
/** What any answer may take in a flood of frames of 700 KB, in milliseconds. */
const MOST_IN_BIG_FRAMES_MS = 1_500;
/** The bounds are those of a machine on which 99 of 100 calm answers take so long; milliseconds. */
const CALM_MS = 8;

/** On a machine with other work the bound grows as that of the calm answers of the same run does. */
function assertWithin({ calm, hostile }: HostileResult, ms: number): void {
  const most = ms * Math.max(1, calm.p99Ms / CALM_MS);
  assert.ok(hostile.p99Ms <= most, JSON.stringify({ calm, hostile }));
}

Deno.test("daemon: a relay that never ends the login is told with its reason, and the local API answers within 50 ms", async () => {
  const result = await hostileServer("silent", {
    looks: LOOKS,
    until: ({ seen }) => /did not end the login/.test(seen.join()),
  });
  assert.match(result.seen.join(), /did not end the login within 10 s/);
  assert.equal(result.unanswered, 0);
  assertWithin(result, MOST_MS);
});

for (const relay of ["too hard", "hard", "large frame"] as const) {
  Deno.test(`daemon: the local API answers within 50 ms while the relay is ${relay}`, async () => {
    const result = await hostileServer(relay, { looks: LOOKS });
    assertWithin(result, MOST_MS);
  });
}

for (const flood of ["garbage", "forged"] as const) {
  Deno.test(`daemon: the local API answers within 120 ms, 99 of 100 times, in a flood of ${flood}`, async () => {
    const result = await hostileServer(flood, { looks: LOOKS, inTea: true });
    const told = JSON.stringify(result);
    assert.equal(result.unanswered, 0, told);
    assert.equal(result.hostile.count, LOOKS, told);
    assertWithin(result, MOST_IN_FLOOD_MS);
  });
}

// Needs a machine without other work: beside it the frames may fill the session worker's memory.
Deno.test("daemon: seconds of big frames are no reason to hang up, and cost no session worker", async () => {
  const result = await hostileServer("big frames", { looks: 40, inTea: true });
  const told = JSON.stringify(result);
  assert.equal(result.status.state, "connected", told);
  assert.equal(result.connections, 2, told);
  assert.equal(result.status.worker_restarts, 0, told);
  assert.equal(result.unanswered, 0, told);
  assert.ok(result.hostile.worstMs <= MOST_IN_BIG_FRAMES_MS, told);
});
