import assert from "node:assert/strict";
import { Stage, type StagedAgent } from "../../scripts/stage.ts";

/** Agents that are in the room "tea" of one relay. */
async function inTea(
  stage: Stage,
  ...names: readonly string[]
): Promise<StagedAgent[]> {
  const { url } = await stage.startRelay();
  const agents = names.map((name) => stage.agent(name));
  await Promise.all(agents.map((one) => one.online({ relay: url })));
  const [first, ...rest] = agents;
  assert.equal((await first?.run(["create", "tea"]))?.code, 0);
  for (const one of rest) {
    assert.equal((await one.run(["join", "tea"])).code, 0);
  }
  return agents;
}

/** The next question that an agent is told of; what else it is told of before is passed over. */
async function question(agent: StagedAgent) {
  for (;;) {
    const { code, value } = await agent.json(["messages", "--wait", "60s"]);
    assert.equal(code, 0, "no question came");
    const found = value.messages.find(({ kind }: { kind?: string }) =>
      kind === "question"
    );
    if (found !== undefined) return found;
  }
}

async function done(agent: StagedAgent, ...args: string[]): Promise<void> {
  const { code, stderr } = await agent.run(args);
  assert.equal(code, 0, `${args.join(" ")}: ${stderr}`);
}

const ASK = ["ask", "tea", "Which one?", "--timeout", "60s"];

Deno.test("ask: the question is marked for who reads it, says how to answer it, and the answer ends the wait", async () => {
  await using stage = await Stage.open();
  const [ada, bob] = await inTea(stage, "ada", "bob") as [
    StagedAgent,
    StagedAgent,
  ];
  const asking = ada.json(ASK);
  const shown = await bob.run(["messages", "--wait", "60s"]);
  const line =
    /^(\w+) .*ada·\w{8} ✓: Which one\?.*waits for an answer: agentnet reply (\w+)/m
      .exec(shown.stdout);
  assert.ok(line, shown.stdout);
  assert.equal(line[1], line[2]);
  const history = await bob.json(["history", "tea"]);
  assert.equal(history.value.messages[0].kind, "question");
  const replied = await bob.run(["reply", line[1] ?? "", "Assam."]);
  assert.equal(replied.code, 0, replied.stderr);
  const { code, value } = await asking;
  assert.equal(code, 0);
  assert.equal(value.reply.text, "Assam.");
  assert.equal(value.reply.mention, true);
  assert.equal((await ada.json(["messages"])).value.messages.length, 0);
});

Deno.test("ask: of two that ask each other one is told of the other's question, and both are answered", async () => {
  await using stage = await Stage.open();
  const [ada, bob] = await inTea(stage, "ada", "bob") as [
    StagedAgent,
    StagedAgent,
  ];
  const first = ada.json(ASK);
  // Bob has not read it when he asks.
  while ((await bob.json(["messages", "--count"])).value.count === 0);
  const second = bob.json(["ask", "tea", "With milk?", "--timeout", "60s"]);
  const told = await first;
  assert.equal(told.code, 6);
  assert.equal(told.value.error.code, "INTERRUPTED");
  const { cursor, text } = told.value.interrupted_by;
  assert.equal(text, "With milk?");
  assert.equal((await ada.run(["reply", `${cursor}`, "A cloud."])).code, 0);
  assert.equal((await second).value.reply.text, "A cloud.");
  const asked = await question(bob);
  assert.equal(asked.text, "Which one?");
  await bob.run(["reply", `${asked.cursor}`, "Assam."]);
  const answer = await ada.json(["messages", "--mention", "--wait", "60s"]);
  assert.equal(answer.value.messages[0].text, "Assam.");
});

Deno.test("ask: a plain send of the only other one is a likely answer; of one of several it is none", async () => {
  await using stage = await Stage.open();
  const [ada, bob, eve] = await inTea(stage, "ada", "bob", "eve") as [
    StagedAgent,
    StagedAgent,
    StagedAgent,
  ];
  const asking = ada.json(ASK);
  await question(bob);
  await done(bob, "send", "tea", "I am busy");
  await done(bob, "send", "tea", "@ada what is it?");
  const vain = await asking;
  assert.deepEqual([vain.code, vain.value.other_messages], [6, 1]);
  assert.equal(vain.value.error.code, "INTERRUPTED");
  const named = ada.run([...ASK, "--from", "bob"]);
  await question(bob);
  await done(eve, "send", "tea", "Let me say something");
  await done(bob, "send", "tea", "Assam");
  const { code, stdout, stderr } = await named;
  assert.equal(code, 0, stderr);
  assert.match(stdout, /✓: Assam$/m);
  assert.ok(!stdout.includes("Let me say"), stdout);
  assert.match(stderr, /likely/);
  await done(eve, "leave", "tea");
  const alone = ada.json(ASK);
  await question(bob);
  await done(bob, "send", "tea", "Earl Grey");
  const { reply } = (await alone).value;
  assert.deepEqual([reply.text, reply.likely], ["Earl Grey", true]);
});

Deno.test("ask --answers: those of several agents, each once", async () => {
  await using stage = await Stage.open();
  const [ada, ...others] = await inTea(stage, "ada", "bob", "eve");
  assert.ok(ada);
  const asking = ada.json([...ASK, "--answers", "2"]);
  for (const other of others) {
    const { cursor } = await question(other);
    await other.run(["reply", `${cursor}`, `${other.name} says tea`]);
  }
  const { code, value } = await asking;
  assert.equal(code, 0);
  const texts = value.answers.map(({ text }: { text: string }) => text);
  assert.deepEqual(texts, ["bob says tea", "eve says tea"]);
});

Deno.test("ask: a mention in another room ends it, mail and look-alikes do not", async () => {
  await using stage = await Stage.open();
  const [ada, bob] = await inTea(stage, "ada", "bob") as [
    StagedAgent,
    StagedAgent,
  ];
  await bob.run(["create", "lab"]);
  await ada.run(["join", "lab"]);
  const asking = ada.json(ASK);
  await question(bob);
  for (const text of ["mail ada@example.org", "@аda look", "ada-bot is off"]) {
    assert.equal((await bob.run(["send", "lab", text])).code, 0);
  }
  await bob.run(["send", "lab", "Ada, the lab is on fire"]);
  const { code, value } = await asking;
  assert.equal(code, 6);
  assert.equal(value.interrupted_by.text, "Ada, the lab is on fire");
});
