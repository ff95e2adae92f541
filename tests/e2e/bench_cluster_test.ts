import assert from "node:assert/strict";
import { benchCluster } from "../../scripts/bench/cluster.ts";
import { natsTest } from "../fakes/nats_here.ts";

natsTest(
  "bench cluster: messages, deliveries, the wait, processor time and memory of one, two and three relays, beside one by itself",
  async () => {
    const rows = await benchCluster({
      ...{ pairs: 3, messages: 30, members: 6, told: 3 },
      even: { senders: 3, perSecond: 300, seconds: 0.5 },
    });
    const names = [
      "stored, acknowledged, delivered",
      "deliveries in one room",
      "acknowledged at 300/s, p50",
      "acknowledged at 300/s, p99",
      "processor time a message at 300/s, of all relays",
      "memory of a relay at rest",
      "memory of a relay after that",
    ];
    assert.deepEqual(
      rows.map(({ name }) => name),
      [1, 2, 3].flatMap((count) =>
        names.map((name) => `cluster of ${count}, ${name}`)
      ),
    );
    for (const { name, figure, floorFigure } of rows) {
      assert.ok(figure > 0 && Number.isFinite(figure), name);
      assert.ok(floorFigure > 0 && Number.isFinite(floorFigure), name);
    }
  },
);
