import { natsTest } from "../fakes/nats_here.ts";
import assert from "node:assert/strict";
import { restartRelay, restartServer } from "../scenarios/cluster_faults.ts";
import { talkingCluster } from "../scenarios/talking_cluster.ts";

natsTest(
  "a cluster: a relay and a server restarted under 200 messages a second: no daemon misses or doubles one",
  async () => {
    const { perSecond } = await talkingCluster({
      faults: [restartRelay("a"), restartServer(0)],
      perSecond: 200,
      calmMs: 2_000,
    });
    assert.ok(perSecond >= 200, `${perSecond} messages a second`);
  },
);
