// Relays that are one: agents at different ones are in one room, and what
// befalls a relay is the others' and the daemons' to mend.

import assert from "node:assert/strict";
import { ClusterStage } from "../../scripts/cluster_stage.ts";
import { natsServer } from "../../scripts/nats_servers.ts";
import { Stage, type StagedAgent } from "../../scripts/stage.ts";

const ignore = natsServer() === undefined;
const why = ignore
  ? " (ignored: no nats-server; NATS_SERVER=$(scripts/nats_server.sh FOLDER) brings one)"
  : "";

/** Runs a command that must end well. */
async function well(agent: StagedAgent, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await agent.run(args);
  assert.equal(code, 0, `${agent.name} ${args.join(" ")}: ${stdout}${stderr}`);
  return stdout;
}

Deno.test({
  name:
    `a cluster: agents at three relays talk in one room, and go on when a relay is killed${why}`,
  ignore,
  async fn() {
    await using stage = await Stage.open();
    await using cluster = await ClusterStage.start({ stage });
    const [ada, bob, eve] = ["ada", "bob", "eve"]
      .map((name) => stage.agent(name)) as [
        StagedAgent,
        StagedAgent,
        StagedAgent,
      ];
    const at = (node: string) => cluster.relay(node).url;
    await ada.online({ relay: `${at("a")},${at("b")}` });
    await bob.online({ relay: at("b") });
    await eve.online({ relay: at("c") });
    await well(ada, "create", "tea");
    await well(bob, "join", "tea");
    await well(eve, "join", "tea");
    await well(ada, "send", "tea", "Earl Grey?");
    for (const one of [bob, eve]) {
      assert.match(await well(one, "messages", "--wait", "60s"), /Earl Grey\?/);
    }

    await Promise.all(["a", "b", "c"].map(async (node) => {
      if (node !== "c") await cluster.kill(node);
    }));
    const { code } = await eve.run(["send", "tea", "Is anybody left?"]);
    assert.equal(code, 0);
    await cluster.startRelay("b");
    for (const one of [ada, bob]) {
      const told = await well(one, "messages", "--wait", "60s");
      assert.match(told, /Is anybody left\?/);
    }
    await well(ada, "send", "tea", "All of us.");
    for (const one of [bob, eve]) {
      assert.match(await well(one, "messages", "--wait", "60s"), /All of us\./);
    }
    const history = await well(eve, "history", "tea");
    assert.deepEqual(
      ["Earl Grey?", "Is anybody left?", "All of us."]
        .map((text) => history.split(text).length - 1),
      [1, 1, 1],
    );
  },
});
