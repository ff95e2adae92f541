import assert from "node:assert/strict";
import {
  type HostileResult,
  hostileServer,
} from "../scenarios/hostile_server.ts";

/** Requests to the local API before a relay turns hostile, and as many meanwhile. */
const LOOKS = 100;
/**
 * How many times what an answer took before it may take meanwhile, by the median; other work on the machine slows both
 * down, and without its slices the daemon leaves a request in a flood without an answer. `deno task slow` has figures.
 */
const MOST_TIMES_CALM = { hard: 20, flood: 50, "big frames": 250 };
/** A calm answer that took less counts as so long, in milliseconds. */
const LEAST_CALM_MS = 2;

function assertTurns({ calm, hostile }: HostileResult, times: number): void {
  const most = times * Math.max(calm.medianMs, LEAST_CALM_MS);
  assert.ok(
    hostile.medianMs <= most,
    `${hostile.medianMs} ms, before ${calm.medianMs} ms`,
  );
}

const REFUSED = {
  "too hard": /refused: .* difficulty 30, more than 24/,
  "large frame": /a frame over 1 MB/,
};

for (const relay of ["too hard", "large frame"] as const) {
  Deno.test(`daemon: a relay whose proof is too hard or whose frame is too large is told with its reason, and tried again: ${relay}`, async () => {
    const { seen, connections } = await hostileServer(relay, {
      looks: 1,
      until: ({ seen, connections }) =>
        REFUSED[relay].test(seen.join()) && connections >= 3,
    });
    assert.match(seen.join(), REFUSED[relay]);
    assert.ok(connections >= 3, "it tries again");
  });
}

Deno.test("daemon: the hardest proof that it takes is found while the local API answers", async () => {
  const result = await hostileServer("hard", { looks: LOOKS });
  assert.match(result.seen.join(), /difficulty 24/);
  assert.equal(result.unanswered, 0);
  assertTurns(result, MOST_TIMES_CALM.hard);
});

for (const flood of ["garbage", "forged"] as const) {
  Deno.test(`daemon: a flood of ${flood} is no reason to hang up, is counted, and leaves the local API its turn`, async () => {
    const result = await hostileServer(flood, { looks: LOOKS, inTea: true });
    const told = JSON.stringify(result);
    const { status } = result;
    assert.equal(status.state, "connected", told);
    assert.equal(result.connections, 2, told);
    const counted = flood === "forged" ? status.forged : status.dropped_frames;
    assert.ok(counted > 1_000, told);
    assert.equal(status.worker_restarts, 0, told);
    assert.equal(result.unanswered, 0, told);
    assertTurns(result, MOST_TIMES_CALM.flood);
  });
}

// On a machine with other work either may fill a session worker's memory, and big frames alone don't on a calm one:
// `deno task slow` holds that.
for (
  const [flood, restarts] of [["big frames", 0], ["fragments", 1]] as const
) {
  Deno.test(`daemon: a flood of ${flood} costs a session worker at most, with the reason, and no memory for good`, async () => {
    const result = await hostileServer(flood, {
      ...{ looks: LOOKS / 4, inTea: true },
      until: ({ status }) => status.worker_restarts >= restarts,
    });
    const told = JSON.stringify(result);
    const { worker_restarts, worker_restart_reason = "" } = result.status;
    assert.ok(worker_restarts >= restarts, told);
    if (worker_restarts > 0) assert.match(worker_restart_reason, /memory/);
    // Between two of them a pause, in which it answers.
    assert.ok(result.hostile.count > result.unanswered / 2, told);
    assert.ok(result.bytes <= 400 * 1024 * 1024, told);
    assertTurns(result, MOST_TIMES_CALM["big frames"]);
  });
}
