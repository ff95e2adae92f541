import assert from "node:assert/strict";
import { hostileServer } from "../scenarios/hostile_server.ts";

/** Of the local API, in milliseconds; loose, since a busy machine is no fault of the daemon's: `deno task slow` has figures. */
const MOST_P99_MS = {
  hard: 400,
  garbage: 400,
  forged: 400,
  "big frames": 1_500,
};

Deno.test("daemon: a relay that never ends the login, or asks for too hard a proof, is told with its reason", async () => {
  const silent = await hostileServer("silent", { ms: 12_000 });
  assert.match(silent.seen.join(), /did not end the login within 10 s/);
  const hard = await hostileServer("too hard", { ms: 1_500 });
  assert.match(hard.seen.join(), /refused: .* difficulty 30, more than 24/);
  assert.ok(hard.connections >= 2, "it tries again");
});

Deno.test("daemon: the hardest proof that it takes is found while the local API answers", async () => {
  const result = await hostileServer("hard", { ms: 6_000 });
  assert.match(result.seen.join(), /difficulty 24/);
  assert.ok(result.p99Ms <= MOST_P99_MS.hard, JSON.stringify(result));
});

Deno.test("daemon: a frame over 1 MB ends the connection with its reason, and it comes back", async () => {
  const result = await hostileServer("large frame", { ms: 4_000 });
  assert.match(result.seen.join(), /a frame over 1 MB/);
  assert.ok(result.connections >= 2, "it tries again");
});

for (const flood of ["garbage", "forged", "big frames"] as const) {
  Deno.test(`daemon: a flood of ${flood} is no reason to hang up, is counted, and leaves the local API its turn`, async () => {
    const result = await hostileServer(flood, { ms: 6_000, inTea: true });
    const told = JSON.stringify(result);
    const { status } = result;
    assert.equal(status.state, "connected", told);
    assert.equal(result.connections, 2, told);
    const counted = flood === "forged" ? status.forged : status.dropped_frames;
    if (flood !== "big frames") assert.ok(counted > 1_000, told);
    assert.equal(status.worker_restarts, 0, told);
    assert.equal(result.unanswered, 0, told);
    assert.ok(result.p99Ms <= MOST_P99_MS[flood], told);
  });
}

Deno.test("daemon: a frame in pieces without end costs a session worker, with the reason, and no memory for good", async () => {
  const result = await hostileServer("fragments", { ms: 12_000, inTea: true });
  const told = JSON.stringify(result);
  const { worker_restarts, worker_restart_reason = "" } = result.status;
  assert.ok(worker_restarts >= 1, told);
  assert.match(worker_restart_reason, /memory/);
  // Between two of them a pause, in which it answers.
  assert.ok(result.answers > result.unanswered / 2, told);
  assert.ok(result.bytes <= 400 * 1024 * 1024, told);
});
