import assert from "node:assert/strict";
import { Stage, type StagedAgent } from "../../scripts/stage.ts";
import { ToldRelay } from "../fakes/told_relay.ts";
import { done, heard } from "../scenarios/private_room.ts";

/** Each with a word that no frame may hold. */
const SAID = {
  first: "onesecret, by a stranger",
  again: "twosecret, before it is accepted",
  question: "threesecret, a question?",
  answer: "foursecret, its answer",
  away: ["fivesecret one", "fivesecret two", "fivesecret three"],
  live: "sixsecret, live",
} as const;

Deno.test("dm: a stranger waits under requests and wakes nobody; contacts talk, also past a kill -9 of who is away; nothing plain on the wire", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  await using relay = new ToldRelay(url, "as it is");
  const [ada, bob, eve] = ["ada", "bob", "eve"].map((name) =>
    stage.agent(name)
  ) as [StagedAgent, StagedAgent, StagedAgent];
  for (const agent of [ada, bob]) await agent.online({ relay: relay.url });
  const bobKey = await keyOf(bob);
  const adaKey = await keyOf(ada);

  await done(ada, ["dm", bobKey, SAID.first]);
  const request = await waiting(bob);
  assert.deepEqual([request.from, request.from_name, request.text], [
    ...[adaKey, "ada", SAID.first],
  ]);
  assert.deepEqual((await bob.json(["messages", "--all"])).value.messages, []);
  const second = await ada.json(["dm", bobKey, SAID.again]);
  assert.equal(second.code, 5, second.stdout);
  assert.equal((await requests(bob)).length, 1);

  const accepted = await bob.json(["accept", adaKey.slice(0, 12)]);
  assert.equal(accepted.value.room, "@ada", accepted.stdout);
  assert.deepEqual(await requests(bob), []);
  const message = await heard(bob, SAID.first);
  assert.deepEqual([message.room, message.private], ["@ada", true]);

  await done(ada, ["pin", bobKey, "bob"]);
  const asking = ada.json(["ask", "@bob", SAID.question, "--timeout", "50s"]);
  const question = await heard(bob, SAID.question);
  await done(bob, ["reply", question.short_id, SAID.answer]);
  const { value: asked } = await asking;
  assert.equal(asked.answers?.[0]?.text ?? asked.answer?.text, SAID.answer);

  await goesAndComes(stage, relay, { ada, eve });
  nothingPlain(relay);
  assert.ok(relay.frames.some((one) => one.includes('"type":"direct"')));
});

/** One who knows the other is away for a while, comes back, and is killed. */
async function goesAndComes(
  stage: Stage,
  relay: ToldRelay,
  { ada, eve }: { readonly ada: StagedAgent; readonly eve: StagedAgent },
): Promise<void> {
  let daemon = await eve.online({ relay: relay.url });
  await done(ada, ["pin", await keyOf(eve), "eve"]);
  await done(eve, ["pin", await keyOf(ada), "ada"]);
  await done(eve, ["dm", "ada", "hello"]);
  daemon.kill("SIGKILL");
  await daemon.end();
  for (const text of SAID.away) await done(ada, ["dm", "eve", text]);
  daemon = await stage.agent("eve").online({ relay: relay.url });
  await heard(eve, SAID.away[2]);
  daemon.kill("SIGKILL");
  await daemon.end();
  await done(ada, ["dm", "eve", SAID.live]);
  await stage.agent("eve").online({ relay: relay.url });
  await heard(eve, SAID.live);
  const { value } = await eve.json(["messages", "@ada", "--all"]);
  const texts = value.messages.map((one: { text: string }) => one.text);
  assert.deepEqual(texts.filter((text: string) => text !== "hello"), [
    ...SAID.away,
    SAID.live,
  ]);
}

Deno.test("dm, the relay's frames as Go does: kept for one who does not know us, and said so; contacts talk in the room of the pair, also past a kill -9; nothing plain on the wire", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  await using relay = new ToldRelay(url, "as Go does");
  const [ada, bob] = ["ada", "bob"].map((name) => stage.agent(name)) as [
    StagedAgent,
    StagedAgent,
  ];
  await ada.online({ relay: relay.url });
  const daemon = await bob.online({ relay: relay.url });
  const bobKey = await keyOf(bob);
  const kept = await ada.run(["dm", bobKey, SAID.first]);
  assert.equal(kept.code, 9, kept.stderr);
  assert.match(kept.stderr, /once the other agent, which has to know you/);
  await done(bob, ["pin", await keyOf(ada), "ada"]);
  await done(ada, ["pin", bobKey, "bob"]);
  const message = await heard(bob, SAID.first);
  assert.deepEqual([message.room, message.private], ["@ada", true]);

  const asking = ada.json(["ask", "@bob", SAID.question, "--timeout", "50s"]);
  const question = await heard(bob, SAID.question);
  await done(bob, ["reply", question.short_id, SAID.answer]);
  const { value: asked } = await asking;
  assert.equal(
    asked.answers?.[0]?.text ?? asked.answer?.text,
    SAID.answer,
    JSON.stringify(await asking),
  );

  daemon.kill("SIGKILL");
  await daemon.end();
  const sent = await ada.run(["dm", "bob", SAID.live]);
  assert.ok([0, 9].includes(sent.code), sent.stderr);
  await stage.agent("bob").online({ relay: relay.url });
  await heard(bob, SAID.live);
  nothingPlain(relay);
  assert.ok(!relay.frames.some((one) => one.includes('"type":"direct"')));
});

async function keyOf(agent: StagedAgent): Promise<string> {
  return (await agent.json(["whoami"])).value.id;
}

interface Request {
  readonly from: string;
  readonly from_name: string;
  readonly text: string;
}

async function requests(agent: StagedAgent): Promise<Request[]> {
  return (await agent.json(["requests"])).value.requests;
}

async function waiting(agent: StagedAgent): Promise<Request> {
  for (let tries = 0; tries < 100; tries++) {
    const [first] = await requests(agent);
    if (first !== undefined) return first;
  }
  throw new Error("no request came");
}

function nothingPlain(relay: ToldRelay): void {
  const words = Object.values(SAID).flat().map((text) => text.split(/\W/)[0]!);
  for (const word of words) {
    const base64 = btoa(word).replace(/=+$/, "").slice(0, -1);
    for (const frame of relay.frames) {
      assert.ok(!frame.includes(word), `${word} in ${frame.slice(0, 300)}`);
      assert.ok(!frame.includes(base64), `${word} in ${frame.slice(0, 300)}`);
    }
  }
}
