// What the scenarios of a relay by itself promise holds over three that are
// one, each connection at the next of them, as a load balancer spreads them.
// Left out are those of what one process does with its own sockets, memory and
// disk (floods, strangers, slow and idle readers, churn of its tables, kills,
// backups, a full disk): no part of them goes over the log.

import assert from "node:assert/strict";
import { ClusterStage } from "../../scripts/cluster_stage.ts";
import { Stage } from "../../scripts/stage.ts";
import { agent } from "../fakes/agents.ts";
import { FaultProxy } from "../fakes/fault_proxy.ts";
import { natsTest } from "../fakes/nats_here.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";
import { joinSoon, OPEN_RELAY } from "../scenarios/crowd.ts";
import { DeliveryRoom } from "../scenarios/deliveries.ts";
import { assertTold, flapping } from "../scenarios/flapping.ts";
import { raceLogins } from "../scenarios/login_races.ts";
import { readHistory } from "../scenarios/read_history.ts";

/** One address before all relays. */
function front(cluster: ClusterStage): FaultProxy {
  const ports = cluster.nodes.map((node) =>
    Number(new URL(cluster.relay(node).url).port)
  );
  return new FaultProxy(...ports as [number, ...number[]]);
}

/** After a second login that races joins the new session hears everything, and no ghost stays. */
async function races(url: string): Promise<void> {
  const { unheard, ghosts } = await raceLogins(url, 30);
  assert.deepEqual({ unheard, ghosts }, { unheard: 0, ghosts: 0 });
}

async function deliveries(url: string): Promise<void> {
  const room = await DeliveryRoom.open([{ url }], 30);
  const { missing } = await room.measure({
    ...{ messages: 60, deliveriesASecond: 600 },
  });
  room.close();
  assert.equal(missing, 0);
}

/** Messages that all bear one time are paged in whole at each relay. */
async function equalTimestamps(url: string): Promise<void> {
  const COUNT = 300;
  const login = (number: number) =>
    RelayPeer.login(url, {
      identity: agent(number),
      features: ["ack", "history"],
    });
  const author = await login(7_000);
  await author.create("equal");
  const timestamp = Date.now();
  for (let i = 0; i < COUNT; i++) {
    author.sign({
      ...{ type: "message", id: `m${i}`, room: "equal" },
      from: author.identity.id,
      content: { type: "text", text: `text ${i}` },
      ...{ timestamp, nonce: `n${i}` },
    });
  }
  await author.pong();
  for (let i = 1; i <= 3; i++) {
    const reader = await login(7_000 + i);
    await joinSoon(reader, "equal");
    const rows = await readHistory(reader, "equal", 57);
    assert.deepEqual(
      rows.map(({ id }) => id),
      Array.from({ length: COUNT }, (_, n) => `m${n}`),
    );
    reader.close();
  }
  author.close();
}

natsTest(
  "a cluster's crowd: logins that race, deliveries, and a past of one time, over one address before three relays",
  async (context) => {
    await using stage = await Stage.open();
    await using cluster = await ClusterStage.start({
      stage,
      flags: OPEN_RELAY,
    });
    using spread = front(cluster);
    for (const part of [races, deliveries, equalTimestamps]) {
      await context.step(part.name, () => part(spread.url));
    }
  },
);

natsTest(
  "a cluster's limits: one agent that logs in and joins fourteen times a second, each time at another relay, is held, told of to nobody, and shuts nobody out",
  async () => {
    await using stage = await Stage.open();
    await using cluster = await ClusterStage.start({ stage });
    using spread = front(cluster);
    const result = await flapping(spread, {
      ...{ rooms: 4, members: 12 },
      ...{ ms: 5_000, everyMs: 1_000 / 14, refused: 6 },
    });
    const told = JSON.stringify(result);
    assert.ok(result.logins <= 30, told);
    assert.ok(result.refused >= 6, told);
    assertTold(result, 4);
    assert.ok(result.isOpenToOthers, told);
  },
);
