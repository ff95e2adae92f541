import { natsTest } from "../fakes/nats_here.ts";
import assert from "node:assert/strict";
import {
  killRelay,
  killServer,
  killServers,
  pauseRelay,
} from "../scenarios/cluster_faults.ts";
import { talkingCluster } from "../scenarios/talking_cluster.ts";

natsTest(
  "a cluster: a server, a relay and all servers killed, a relay that wakes up late: nothing acknowledged is lost, moved or doubled",
  async () => {
    const { acknowledged } = await talkingCluster({
      faults: [killServer, killRelay("b"), pauseRelay("c"), killServers],
      perSecond: 60,
      calmMs: 1_000,
    });
    assert.ok(acknowledged > 100, `only ${acknowledged} acknowledged`);
  },
);
