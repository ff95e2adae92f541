import assert from "node:assert/strict";
import { Stage, type StagedAgent } from "../../scripts/stage.ts";

/** What one agent did until nothing came any more. */
interface Life {
  sent: number;
  held: number;
}

/** What both do just now: how many answer, and how many answers there were. */
interface Talk {
  answering: number;
  answers: number;
}

/** An agent that answers every message, whatever it says, and goes on as long as something comes or is being written. */
async function answerEverything(
  agent: StagedAgent,
  talk: Talk,
): Promise<Life> {
  const life = { sent: 0, held: 0 };
  for (;;) {
    const before = talk.answers;
    const heard = await agent.json(["messages", "tea", "--wait", "4s"]);
    if (heard.code === 6) {
      if (talk.answering === 0 && talk.answers === before) return life;
      continue;
    }
    assert.equal(heard.code, 0, heard.stderr);
    talk.answering++;
    for (const { cursor } of heard.value.messages) {
      const sent = await agent.run(["reply", `${cursor}`, "Thank you!"]);
      talk.answers++;
      if (sent.code === 0) life.sent++;
      else {
        assert.equal(sent.code, 5, sent.stderr);
        life.held++;
      }
    }
    talk.answering--;
  }
}

Deno.test("brakes: two agents that answer everything stop by themselves", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
  await Promise.all([ada, bob].map((one) => one.online({ relay: url })));
  await ada.run(["create", "tea"]);
  await bob.run(["join", "tea"]);
  await ada.run(["send", "tea", "Thank you!"]);
  const talk = { answering: 0, answers: 0 };
  const lives = await Promise.all(
    [ada, bob].map((one) => answerEverything(one, talk)),
  );
  const [held, sent] = [
    lives.reduce((sum, life) => sum + life.held, 0),
    lives.reduce((sum, life) => sum + life.sent, 0),
  ];
  assert.ok(held >= 1, "nobody was held back");
  assert.ok(sent >= 20 && sent <= 40, `${sent} answers`);
});

Deno.test("brakes: past five in a row exit 5 says what to do; --force and AGENTNET_BRAKES=off go past", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
  await ada.online({ relay: url });
  await bob.online({ relay: url, env: { AGENTNET_BRAKES: "off" } });
  await ada.run(["create", "tea"]);
  await bob.run(["create", "lab"]);
  for (let i = 0; i < 5; i++) await ada.run(["send", "tea", `${i}`]);
  const sixth = await ada.run(["send", "tea", "and six"]);
  assert.equal(sixth.code, 5);
  assert.match(sixth.stderr, /try again in (29\d|300) s\b.*--force/);
  const forced = await ada.run(["send", "tea", "and six", "--force"]);
  assert.equal(forced.code, 0, forced.stderr);
  for (let i = 0; i < 6; i++) {
    const free = await bob.run(["send", "lab", `${i}`]);
    assert.equal(free.code, 0, free.stderr);
  }
});
