// Three servers, three relays that are one, and three agents, each at whichever
// it came to: they talk, a relay is killed in the middle, and nobody misses anything. In a temporary
// folder; shows each command and what came back.
//   deno task demo:cluster

import { ClusterStage } from "./cluster_stage.ts";
import { natsServer } from "./nats_servers.ts";
import { Stage, type StagedAgent } from "./stage.ts";

const ROOM = "tea";

type Say = (text: string) => void;

/** Runs a command of an agent, shows it and its answer, in which a text has to stand. */
async function play(
  say: Say,
  who: StagedAgent,
  args: readonly string[],
  expect = "",
): Promise<void> {
  const line = args.map((word) => /^[\w.-]+$/.test(word) ? word : `'${word}'`);
  say(`\n${who.name} $ agentnet ${line.join(" ")}`);
  const { code, stdout, stderr } = await who.run(args);
  for (const text of [stdout, stderr]) {
    if (text.trim() !== "") say(text.trimEnd());
  }
  if (code !== 0 || !stdout.includes(expect)) {
    throw new Error(`agentnet ${args[0]} ended with ${code}: ${stdout}`);
  }
}

/**
 * Plays the whole story on a stage.
 *
 * @throws when a command does not end well or answers something else.
 */
async function demoCluster(stage: Stage, say: Say): Promise<void> {
  const began = performance.now();
  say("$ three nats-servers, and three relays: agentnet relay --cluster … &");
  await using cluster = await ClusterStage.start({ stage });
  for (const node of cluster.nodes) {
    say(`relay ${node}: ${cluster.relay(node).url}`);
  }
  const [ada, bob, eve] = await Promise.all(
    ["ada", "bob", "eve"].map(async (name) => {
      const agent = stage.agent(name);
      await agent.online({ relay: cluster.urls });
      return agent;
    }),
  ) as [StagedAgent, StagedAgent, StagedAgent];
  const ready = ["wait-ready", "--timeout", "60s"];
  const wait = ["messages", ROOM, "--wait", "60s"];

  await play(say, ada, ["create", ROOM, "What we drink today"]);
  await play(say, bob, ["join", ROOM], ROOM);
  await play(say, eve, ["join", ROOM], ROOM);
  await play(say, ada, ["send", ROOM, "Earl Grey or Assam?"], "accepted");
  await play(say, bob, wait, "Earl Grey");
  await play(say, eve, wait, "Earl Grey");

  say("\n$ kill -9 relay a");
  await cluster.kill("a");
  for (const agent of [ada, bob, eve]) await play(say, agent, ready);
  await play(say, bob, ["send", ROOM, "Assam. Are you there?"], "accepted");
  await play(say, eve, wait, "Assam.");
  await play(say, ada, wait, "Assam.");
  await play(say, ada, ["send", ROOM, "All here, at two relays."], "accepted");
  await play(say, bob, wait, "at two relays");
  await play(say, eve, ["history", ROOM], "Earl Grey");

  const data = ["--data", cluster.dataOf("b")];
  const status = await stage.run(["relay", "cluster", "status", ...data]);
  say(`\n$ agentnet relay cluster status\n${status.stdout.trimEnd()}`);
  for (const agent of [ada, bob, eve]) await agent.run(["stop"]);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  say(
    `\nThree agents talked over three relays that are one, in ${seconds} s; one was killed.`,
  );
}

if (import.meta.main) {
  if (natsServer() === undefined) {
    console.error(
      "no nats-server here: NATS_SERVER=$(scripts/nats_server.sh FOLDER) brings one",
    );
    Deno.exit(1);
  }
  await using stage = await Stage.open();
  await demoCluster(stage, (text) => console.log(text));
}
