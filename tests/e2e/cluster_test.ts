// Relays that are one: agents at different ones are in one room, and what
// befalls a relay is the others' and the daemons' to mend.

import { natsTest } from "../fakes/nats_here.ts";
import assert from "node:assert/strict";
import { ClusterStage } from "../../scripts/cluster_stage.ts";
import { Stage, type StagedAgent } from "../../scripts/stage.ts";
import { daemonJoinsSoon, holdsSoon } from "../scenarios/crowd.ts";

/** Runs a command that must end well. */
async function well(agent: StagedAgent, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await agent.run(args);
  assert.equal(code, 0, `${agent.name} ${args.join(" ")}: ${stdout}${stderr}`);
  return stdout;
}

natsTest(
  "a cluster: agents at three relays talk in one room, and go on when a relay is killed",
  async () => {
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
    for (const one of [bob, eve]) await daemonJoinsSoon(one, "tea");
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
);

natsTest(
  "a cluster: what an operator does at one relay holds at all, and status, figures and backup say how it stands",
  async () => {
    await using stage = await Stage.open();
    await using cluster = await ClusterStage.start({ stage });
    const at = (node: string) => cluster.relay(node).url;
    const [ada, bob] = ["ada", "bob"].map((name) => stage.agent(name)) as [
      StagedAgent,
      StagedAgent,
    ];
    await ada.online({ relay: at("a") });
    const daemon = await bob.online({ relay: at("c") });
    await well(ada, "create", "tea");
    await daemonJoinsSoon(bob, "tea");
    const relay = async (node: string, ...args: string[]) => {
      const data = ["--data", cluster.dataOf(node)];
      return await stage.run(["relay", ...args, ...data]);
    };

    /** Another relay than the one that took it in knows it a moment later. */
    const lists = (node: string, wanted: RegExp) =>
      holdsSoon(async () => {
        const { stdout, stderr } = await relay(node, "admin", "list");
        assert.match(stdout, wanted, stderr);
      });
    await lists("b", /agents: 2[^]*rooms: 1/);
    const { agent_id: id } = (await bob.json(["status"])).value;
    const banned = await relay("b", "admin", "ban", id);
    assert.equal(banned.code, 0, banned.stderr);
    await daemon.line(/banned|refused|not admitted/i, 60_000);
    await lists("a", new RegExp(`banned: 1\\n  ${id}`));
    const unbanned = await relay("c", "admin", "unban", id);
    assert.equal(unbanned.code, 0, unbanned.stderr);
    await well(bob, "wait-ready", "--timeout", "90s");
    const closed = await relay("c", "admin", "close", "tea");
    assert.match(closed.stdout, /ended/);
    await lists("a", /rooms: 0/);

    await holdsSoon(async () => {
      const status = await relay("a", "cluster", "status");
      assert.equal(status.code, 0, status.stdout + status.stderr);
      assert.match(status.stdout, /^relay a, .*: serves$/m);
      for (const node of ["a .this one.", "b", "c"]) {
        assert.match(status.stdout, new RegExp(`^  ${node} +here `, "m"));
      }
    });
    const http = (node: string, path: string) =>
      fetch(new URL(path, at(node).replace("ws:", "http:")));
    await holdsSoon(async () => {
      const figures = await (await http("b", "/metrics")).text();
      assert.match(figures, /^agentnet_relay_cluster_serves 1$/m);
      assert.match(
        figures,
        /^agentnet_relay_cluster_nodes\{state="here"\} 3$/m,
      );
    });
    const copy = `${stage.folder}/copy.db`;
    const backup = await relay("b", "backup", copy);
    assert.equal(backup.code, 0, backup.stderr);

    // A new relay begins with the copy of another's view.
    await Deno.mkdir(cluster.dataOf("d"), { mode: 0o700 });
    await Deno.rename(copy, `${cluster.dataOf("d")}/view.db`);
    await cluster.startRelay("d");
    await holdsSoon(async () => {
      const ready = await http("d", "/ready");
      assert.equal(ready.status, 200, await ready.text());
    });
  },
);
