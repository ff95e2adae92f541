import { natsTest } from "../fakes/nats_here.ts";
import assert from "node:assert/strict";
import { wrongClock } from "../fakes/wrong_clock.ts";
import {
  type Fault,
  killRelay,
  killServer,
  killServers,
  pauseRelay,
  pauseServer,
  restartRelay,
  restartServer,
  severRelay,
  severServer,
  stallRelay,
  stallServer,
  turnClock,
} from "../scenarios/cluster_faults.ts";
import {
  talkingCluster,
  type TalkingResult,
} from "../scenarios/talking_cluster.ts";

const TIMES = 20;
const NODES = ["a", "b", "c"] as const;
/** Seconds that a clock is off. */
const OFF = [30, -30, 3_600] as const;

const CLOCKS = OFF.map(wrongClock).filter((clock) => clock !== null);

natsTest(
  `a cluster: ${TIMES} of each, servers and relays killed and hung: nothing acknowledged is lost, moved or doubled`,
  async () => {
    const result = await talkingCluster({
      faults: times((node) => [
        killServer,
        killRelay(node),
        pauseServer,
        pauseRelay(node),
        killServers,
      ]),
      perSecond: 50,
      calmMs: 1_000,
    });
    assertMany(result);
  },
);

natsTest(
  `a cluster: ${TIMES} of each, lines to the servers and between them cut and stalled: nothing acknowledged is lost, moved or doubled`,
  async () => {
    const result = await talkingCluster({
      faults: times((node) => [
        severRelay(node),
        severServer,
        stallRelay(node),
        stallServer,
      ]),
      perSecond: 50,
      calmMs: 1_000,
      hasWires: true,
    });
    assertMany(result);
  },
);

natsTest(
  `a cluster: ${TIMES} relays started with a wrong clock: they say so, and nothing acknowledged is lost, moved or doubled`,
  async () => {
    const result = await talkingCluster({
      faults: times((node, i) =>
        CLOCKS.slice(i % CLOCKS.length).slice(0, 1)
          .map((clock) => turnClock(node, clock))
      ),
      perSecond: 50,
      calmMs: 1_000,
    });
    assertMany(result);
  },
  CLOCKS.length > 0 ? null : "no libfaketime (apt-get install libfaketime)",
);

natsTest(
  "a cluster: every relay and every server restarted one after the other under 200 messages a second: no daemon misses or doubles one",
  async () => {
    const result = await talkingCluster({
      faults: [...NODES.map(restartRelay), ...[0, 1, 2].map(restartServer)],
      perSecond: 200,
      calmMs: 5_000,
    });
    console.log(result);
    assert.ok(result.perSecond >= 200, `${result.perSecond} a second`);
  },
);

/** So many of each fault, the relays' in turn. */
function times(
  faults: (node: string, index: number) => readonly Fault[],
): Fault[] {
  return Array.from(
    { length: TIMES },
    (_, i) => faults(NODES[i % NODES.length] ?? "a", i),
  ).flat();
}

function assertMany(result: TalkingResult): void {
  console.log(result);
  const { acknowledged } = result;
  assert.ok(acknowledged > 100 * TIMES, `only ${acknowledged} acknowledged`);
}
