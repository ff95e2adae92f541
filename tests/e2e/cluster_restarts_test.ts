import { natsTest } from "../fakes/nats_here.ts";
import { restartRelay, restartServer } from "../scenarios/cluster_faults.ts";
import { talkingCluster } from "../scenarios/talking_cluster.ts";

// How many a second a loaded machine takes of those that are offered is not asked here: tests/slow/cluster_test.ts does.
natsTest(
  "a cluster: a relay and a server restarted while 200 messages a second are offered: no daemon misses or doubles one",
  async () => {
    await talkingCluster({
      faults: [restartRelay("a"), restartServer(0)],
      perSecond: 200,
      calmMs: 2_000,
    });
  },
);
