import assert from "node:assert/strict";
import { ClusterStage } from "../../scripts/cluster_stage.ts";
import { Stage } from "../../scripts/stage.ts";
import { agent } from "../fakes/agents.ts";
import { natsTest } from "../fakes/nats_here.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";
import { holdsSoon, pause } from "../scenarios/crowd.ts";

/** How long a relay may take until it answers, on any machine; milliseconds. */
const ANSWERS_MS = 60_000;

natsTest(
  "a cluster's relay whose log does not answer yet tells probes and its operator so, lets nobody in, and begins once it answers",
  async () => {
    await using stage = await Stage.open();
    await using cluster = await ClusterStage.start({ stage, nodes: ["a"] });
    const { servers } = cluster;
    const all = Array.from({ length: servers.count }, (_, i) => i);
    await cluster.stop("a");
    for (const i of all) servers.pause(i);
    const { url } = cluster.relay("a");
    const starting = cluster.startRelay("a");
    const http = `http://${new URL(url).host}`;
    const waits = /waiting for the log's servers/;
    const ready = await untilAnswered(`${http}/ready`);
    assert.equal(ready.status, 503);
    assert.match(await ready.text(), waits);
    const data = ["--data", cluster.dataOf("a")];
    const status = await stage.run(["relay", "cluster", "status", ...data]);
    assert.equal(status.code, 1, status.stderr);
    assert.match(status.stdout, waits);
    await assert.rejects(
      RelayPeer.open(url, { identity: agent(1) }),
      /503/,
    );
    for (const i of all) servers.resume(i);
    await starting;
    await holdsSoon(async () => {
      const now = await fetch(`${http}/ready`);
      assert.equal(now.status, 200, await now.text());
    });
    (await RelayPeer.login(url, { identity: agent(1) })).close();
    await holdsSoon(async () => {
      const now = await stage.run(["relay", "cluster", "status", ...data]);
      assert.equal(now.code, 0, now.stdout);
    });
  },
);

/** The first answer of an address that nobody may listen on yet. */
async function untilAnswered(url: string): Promise<Response> {
  const end = performance.now() + ANSWERS_MS;
  for (;;) {
    try {
      return await fetch(url);
    } catch (error) {
      if (performance.now() > end) throw error;
      await pause(100);
    }
  }
}
