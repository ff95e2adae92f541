import { natsTest } from "../fakes/nats_here.ts";
import assert from "node:assert/strict";
import {
  clusterFaults,
  killRelay,
  killServer,
  killServers,
  pauseRelay,
} from "../scenarios/cluster_faults.ts";

natsTest(
  "a cluster: a server, a relay and all servers killed, a relay that wakes up late: nothing acknowledged is lost, moved or doubled",
  async () => {
    const { acknowledged, longestWait } = await clusterFaults({
      faults: [killServer, killRelay("b"), pauseRelay("c"), killServers],
      everyMs: 400,
      calmMs: 1_000,
    });
    console.log(
      `${acknowledged} acknowledged, longest wait ${
        Math.round(longestWait)
      } ms`,
    );
    assert.ok(acknowledged > 100, `only ${acknowledged} acknowledged`);
  },
);
