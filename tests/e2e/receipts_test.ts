import assert from "node:assert/strict";
import { Stage, type StagedAgent } from "../../scripts/stage.ts";
import { OPEN_RELAY } from "../../scripts/bench/measure.ts";
import { ToldRelay } from "../fakes/told_relay.ts";
import { done, heard } from "../scenarios/private_room.ts";

/** What an agent's last message came to, once it is as wanted or a minute is over. */
async function receiptsOf(agent: StagedAgent, shown: number) {
  for (let tries = 0;; tries++) {
    const { value } = await agent.json(["sent", "--limit", "1"]);
    const { receipts } = value.sent[0];
    if (receipts === undefined || receipts.shown >= shown || tries > 120) {
      return receipts;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

Deno.test("send --receipt: delivered to who is there, shown to who read it, and not known of who does not tell", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay(OPEN_RELAY);
  const [ada, bob, eve] = ["ada", "bob", "eve"].map((name) =>
    stage.agent(name)
  ) as [
    ...[StagedAgent, StagedAgent, StagedAgent],
  ];
  await ada.online({ relay: url });
  await bob.online({ relay: url });
  await eve.online({ relay: url, flags: ["--receipts", "off"] });
  await ada.run(["create", "tea"]);
  for (const one of [bob, eve]) await one.run(["join", "tea"]);
  const sent = await ada.run(["send", "tea", "Hello.", "--receipt"]);
  assert.equal(sent.code, 0, sent.stderr);
  for (const one of [bob, eve]) await one.run(["messages", "--wait", "60s"]);
  assert.deepEqual(await receiptsOf(ada, 1), { delivered: 1, shown: 1, of: 2 });
  const { stdout } = await ada.run(["sent", "--limit", "1"]);
  assert.match(
    stdout,
    /\(delivered to 1 of 2, shown to 1; of others nothing is known\)/,
  );
  await ada.run(["send", "tea", "Plain."]);
  assert.equal(await receiptsOf(ada, 0), undefined);
});

Deno.test("receipts, sealed: of a private room over a relay that knows nothing of them, and of a talk; the talk is exported as both signed it", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay(OPEN_RELAY);
  await using go = new ToldRelay(url, "as Go does");
  const [ada, bob, cal, dan] = ["ada", "bob", "cal", "dan"].map((name) =>
    stage.agent(name)
  ) as [StagedAgent, StagedAgent, StagedAgent, StagedAgent];
  for (const one of [ada, bob]) await one.online({ relay: go.url });
  await done(ada, ["create", "vault", "--private"]);
  const { value } = await ada.json(["invite", "vault"]);
  await done(bob, ["join", value.invite]);
  await done(ada, ["send", "vault", "onesecret", "--receipt"]);
  await heard(bob, "onesecret");
  await done(bob, ["messages"]);
  assert.deepEqual(await receiptsOf(ada, 1), { delivered: 1, shown: 1, of: 1 });
  const frames = go.frames.filter((one) => one.includes("agentnet-e2e-1.g."));
  assert.ok(frames.length >= 1);
  assert.ok(!go.frames.some((one) => /onesecret|"type":"marks"/.test(one)));

  for (const one of [cal, dan]) await one.online({ relay: url });
  const key = async (one: StagedAgent) => (await one.json(["whoami"])).value.id;
  await done(cal, ["pin", await key(dan), "dan"]);
  await done(dan, ["pin", await key(cal), "cal"]);
  await done(cal, ["dm", "dan", "twosecret"]);
  await heard(dan, "twosecret");
  await done(dan, ["messages"]);
  assert.deepEqual(await receiptsOf(cal, 1), { delivered: 1, shown: 1, of: 1 });
  const file = `${stage.folder}/talk.jsonl`;
  const made = await cal.run(["export", "@dan", "--out", file]);
  assert.equal(made.stdout, `1 message, written to ${file}\n`, made.stderr);
  const good = await stage.run(["verify", file]);
  assert.match(good.stdout, /^1 message of the talk @dan by 1 agent: in order/);
});
