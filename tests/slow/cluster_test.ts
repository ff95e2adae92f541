import { natsTest } from "../fakes/nats_here.ts";
import assert from "node:assert/strict";
import {
  clusterFaults,
  type Fault,
  killRelay,
  killServer,
  killServers,
  pauseRelay,
  pauseServer,
  restartRelay,
  restartServer,
} from "../scenarios/cluster_faults.ts";

const TIMES = 20;

const times = (faults: readonly Fault[], count: number) =>
  Array.from({ length: count }, () => faults).flat();

natsTest(
  `a cluster: ${TIMES} of each, servers and relays killed and hung: nothing acknowledged is lost, moved or doubled`,
  async () => {
    const one = [
      killServer,
      killRelay("b"),
      pauseServer,
      pauseRelay("c"),
      killServers,
      killRelay("a"),
    ];
    const { acknowledged, longestWait } = await clusterFaults({
      faults: times(one, TIMES),
      everyMs: 400,
      calmMs: 1_000,
    });
    console.log(
      `${acknowledged} acknowledged, longest wait ${
        Math.round(longestWait)
      } ms`,
    );
    assert.ok(acknowledged > 100 * TIMES, `only ${acknowledged} acknowledged`);
  },
);

natsTest(
  "a cluster: every relay and every server restarted one after the other under some 200 messages a second: no daemon misses or doubles one",
  async () => {
    const { acknowledged, longestWait, seconds } = await clusterFaults({
      faults: [
        ...["a", "b", "c"].map(restartRelay),
        ...[0, 1, 2].map(restartServer),
      ],
      everyMs: 90,
      calmMs: 5_000,
    });
    console.log(
      `${Math.round(acknowledged / seconds)} messages/s, longest wait ${
        Math.round(longestWait)
      } ms`,
    );
    assert.ok(acknowledged > 1_000, `only ${acknowledged} acknowledged`);
  },
);
