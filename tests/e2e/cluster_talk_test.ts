// What agents do beside rooms, over relays that are one, each agent at another
// of them: messages to one agent, receipts, private rooms, and the stream of
// those who watch.

import { DatabaseSync } from "node:sqlite";
import assert from "node:assert/strict";
import { ClusterStage } from "../../scripts/cluster_stage.ts";
import { Stage, type StagedAgent } from "../../scripts/stage.ts";
import { natsTest } from "../fakes/nats_here.ts";
import { agent } from "../fakes/agents.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";
import {
  daemonJoinsSoon,
  joinSoon,
  OPEN_RELAY,
  soon,
} from "../scenarios/crowd.ts";
import { done, heard } from "../scenarios/private_room.ts";

interface Cast {
  readonly stage: Stage;
  readonly cluster: ClusterStage;
  readonly ada: StagedAgent;
  readonly bob: StagedAgent;
  readonly eve: StagedAgent;
}

async function keyOf(agent: StagedAgent): Promise<string> {
  return (await agent.json(["whoami"])).value.id;
}

/** Waits until it is so, and says in the end what was so instead. */
async function until<T>(wanted: T, look: () => T | Promise<T>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (JSON.stringify(await look()) === JSON.stringify(wanted)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.deepEqual(await look(), wanted);
}

/** How long a relay may hold its view's lock, on any machine; milliseconds. */
const LOCKED_MS = 30_000;

/** How many messages wait for one agent, in the view of each relay. */
function waiting({ cluster }: Cast, agent: string): number[] {
  return cluster.nodes.map((node) => {
    using view = new DatabaseSync(`${cluster.dataOf(node)}/view.db`, {
      ...{ readOnly: true, timeout: LOCKED_MS },
    });
    const row = view.prepare(
      "SELECT count(*) AS n FROM inbox WHERE recipient = ? AND request < 2",
    ).get(agent);
    return Number(row?.n);
  });
}

/** One at relay a writes to one at b, who then is away, and comes back at c. */
async function directs(cast: Cast): Promise<void> {
  const { cluster, ada, bob, stage } = cast;
  let daemon = await bob.online({ relay: cluster.relay("b").url });
  const [adaKey, bobKey] = [await keyOf(ada), await keyOf(bob)];
  await done(ada, ["pin", bobKey, "bob"]);
  await done(bob, ["pin", adaKey, "ada"]);
  await done(ada, ["dm", "bob", "Are you there?"]);
  const asked = await heard(bob, "Are you there?");
  assert.deepEqual([asked.room, asked.private], ["@ada", true]);
  await done(bob, ["reply", asked.short_id, "I am."]);
  await heard(ada, "I am.");
  await until([0, 0, 0], () => waiting(cast, bobKey));

  daemon.kill("SIGKILL");
  await daemon.end();
  for (const text of ["one", "two"]) await done(ada, ["dm", "bob", text]);
  await until([2, 2, 2], () => waiting(cast, bobKey));
  daemon = await stage.agent("bob").online({
    relay: cluster.relay("c").url,
  });
  await heard(bob, "two");
  await until([0, 0, 0], () => waiting(cast, bobKey));
  const { value } = await bob.json(["messages", "@ada", "--all"]);
  assert.deepEqual(
    value.messages.filter(({ from }: { from: string }) => from === adaKey)
      .map(({ text }: { text: string }) => text),
    ["Are you there?", "one", "two"],
  );
}

async function receipts({ ada, bob, eve }: Cast): Promise<void> {
  await done(ada, ["create", "tea"]);
  for (const one of [bob, eve]) await daemonJoinsSoon(one, "tea");
  await done(ada, ["send", "tea", "Who reads this?", "--receipt"]);
  for (const one of [bob, eve]) await heard(one, "Who reads this?");
  await until({ delivered: 2, shown: 2, of: 2 }, async () => {
    const { value } = await ada.json(["sent", "--limit", "1"]);
    return value.sent[0].receipts;
  });
}

/** Two who know relay a by its address, and are at the others, since they came while it was down. */
async function privateRoom({ stage, cluster, ada }: Cast): Promise<void> {
  await cluster.stop("a");
  const at = (node: string) => cluster.relay(node).url;
  const others = ["fay", "gus"].map((name) => stage.agent(name));
  for (const [i, one] of others.entries()) {
    await one.online({ relay: `${at(i === 0 ? "b" : "c")},${at("a")}` });
  }
  await cluster.startRelay("a");
  await done(ada, ["wait-ready", "--timeout", "60s"]);
  await done(ada, ["create", "vault", "what is safe", "--private"]);
  const invited = await ada.json(["invite", "vault", "--uses", "2"]);
  assert.equal(invited.code, 0, invited.stderr);
  for (const one of others) await done(one, ["join", invited.value.invite]);
  await done(ada, ["send", "vault", "to all relays"]);
  for (const one of others) {
    const message = await heard(one, "to all relays");
    assert.deepEqual([message.room, message.private], ["vault", true]);
  }
  const [fay, gus] = others as [StagedAgent, StagedAgent];
  await done(gus, ["send", "vault", "and back"]);
  for (const one of [ada, fay]) await heard(one, "and back");
}

/** The events of a room as they come, until so many messages are there. */
async function watched(
  events: ReadableStream<Uint8Array>,
  count: number,
): Promise<{ seq: number; text: string }[]> {
  const found: { seq: number; text: string }[] = [];
  let rest = "";
  for await (const chunk of events.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + chunk).split("\n\n");
    rest = parts.pop() ?? "";
    for (const part of parts) {
      const data = /^data: ?(.*)$/m.exec(part)?.[1];
      const row = data === undefined ? {} : JSON.parse(data);
      if (row.content === undefined) continue;
      found.push({ seq: row.seq, text: JSON.parse(row.content).text });
    }
    if (found.length >= count) break;
  }
  return found;
}

/** One who watches at c sees what is said at a, also when that is killed and it is said at b, with no number left out. */
async function watching({ cluster }: Cast): Promise<void> {
  const identity = agent(6_000);
  const at = (node: string) =>
    RelayPeer.login(cluster.relay(node).url, { identity, features: ["ack"] });
  const speaker = await at("a");
  await speaker.create("watched");
  const url = cluster.relay("c").url.replace("ws:", "http:");
  const answer = await opened(new URL("/api/rooms/watched/events", url));
  const texts = Array.from({ length: 12 }, (_, i) => `watched ${i}`);
  const seen = watched(answer, texts.length);
  for (const text of texts.slice(0, 6)) {
    speaker.text(speaker.message("watched", text));
  }
  for (let i = 0; i < 6; i++) await speaker.next("message.ack");
  await cluster.kill("a");
  const again = await at("b");
  await joinSoon(again, "watched");
  for (const text of texts.slice(6)) again.text(again.message("watched", text));
  const rows = await seen;
  again.close();
  assert.deepEqual(rows.map(({ text }) => text), texts);
  const [first = 0] = rows.map(({ seq }) => seq);
  assert.deepEqual(rows.map(({ seq }) => seq), texts.map((_, i) => first + i));
}

/** Once the relay knows of the room: what was made at another it applies a moment later. */
function opened(url: URL): Promise<ReadableStream<Uint8Array>> {
  return soon(`${url}`, async () => {
    const { status, body } = await fetch(url);
    if (status === 200 && body !== null) return body;
    await body?.cancel();
    return undefined;
  });
}

natsTest(
  "a cluster: messages to one agent, receipts, a private room and a room's events, with agents at three relays",
  async (context) => {
    await using stage = await Stage.open();
    await using cluster = await ClusterStage.start({
      stage,
      flags: OPEN_RELAY,
    });
    const [ada, bob, eve] = ["ada", "bob", "eve"]
      .map((name) => stage.agent(name)) as [
        StagedAgent,
        StagedAgent,
        StagedAgent,
      ];
    const cast = { stage, cluster, ada, bob, eve };
    const at = (node: string) => cluster.relay(node).url;
    await ada.online({ relay: at("a") });
    await eve.online({ relay: at("c") });
    for (const part of [directs, receipts, privateRoom, watching]) {
      await context.step(part.name, () => part(cast));
    }
  },
);
