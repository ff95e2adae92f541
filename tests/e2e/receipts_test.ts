import assert from "node:assert/strict";
import { Stage, type StagedAgent } from "../../scripts/stage.ts";
import { OPEN_RELAY } from "../../scripts/bench/measure.ts";

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
