import { natsTest } from "../fakes/nats_here.ts";
import assert from "node:assert/strict";
import {
  severRelay,
  severServer,
  stallRelay,
  stallServer,
  together,
} from "../scenarios/cluster_faults.ts";
import { talkingCluster } from "../scenarios/talking_cluster.ts";

natsTest(
  "a cluster: lines to the servers and between them cut and stalled, and healed: nothing acknowledged is lost, moved or doubled",
  async () => {
    const { acknowledged } = await talkingCluster({
      faults: [
        together(severRelay("a"), stallRelay("b")),
        severServer,
        stallServer,
      ],
      perSecond: 60,
      calmMs: 1_000,
      hasWires: true,
    });
    assert.ok(acknowledged > 100, `only ${acknowledged} acknowledged`);
  },
);
