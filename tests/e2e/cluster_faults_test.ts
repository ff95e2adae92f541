import assert from "node:assert/strict";
import { natsServer } from "../../scripts/nats_servers.ts";
import {
  clusterFaults,
  killRelay,
  killServer,
  killServers,
  pauseRelay,
} from "../scenarios/cluster_faults.ts";

const ignore = natsServer() === undefined;
const why = ignore
  ? " (ignored: no nats-server; NATS_SERVER=$(scripts/nats_server.sh FOLDER) brings one)"
  : "";

Deno.test({
  name:
    `a cluster: a server, a relay and all servers killed, a relay that wakes up late: nothing acknowledged is lost, moved or doubled${why}`,
  ignore,
  async fn() {
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
});
