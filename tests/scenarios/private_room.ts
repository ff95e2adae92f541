import assert from "node:assert/strict";
import type { Stage, StagedAgent } from "../../scripts/stage.ts";
import { stagedApi } from "../fakes/staged_api.ts";
import type { ToldRelay } from "../fakes/told_relay.ts";

/** What is said, each of it with a word that no frame may hold. */
const SAID = {
  name: "vaultname",
  topic: "topicsecret",
  first: "onesecret, before the removal",
  person: "fivesecret, by a person",
  reply: "twosecret, an answer",
  after: "threesecret, after the removal",
  back: "foursecret, by one who lost everything",
} as const;

export interface Cast {
  readonly ada: StagedAgent;
  readonly bob: StagedAgent;
  readonly eve: StagedAgent;
}

/** Three agents, their daemons connected. */
async function castOf(stage: Stage, relay: string): Promise<Cast> {
  const names = ["ada", "bob", "eve"] as const;
  const agents = names.map((name) => stage.agent(name));
  await Promise.all(agents.map((agent) => agent.online({ relay })));
  const [ada, bob, eve] = agents as [StagedAgent, StagedAgent, StagedAgent];
  return { ada, bob, eve };
}

/** A room is made, two are invited, all talk, one is removed, two talk on, and one of them loses all but its key. */
export async function livesOn(
  stage: Stage,
  relay: ToldRelay,
): Promise<void> {
  const { ada, bob, eve } = await castOf(stage, relay.url);
  const room = SAID.name;
  await done(ada, ["create", room, SAID.topic, "--private"]);
  const invited = await ada.json(["invite", room, "--uses", "2"]);
  assert.equal(invited.code, 0, invited.stderr);
  for (const agent of [bob, eve]) {
    const joined = await agent.run(["join", invited.value.invite]);
    assert.equal(joined.code, 0, joined.stdout + joined.stderr);
    assert.match(joined.stdout, new RegExp(`#${room}.*${SAID.topic}`));
  }
  await done(ada, ["send", room, SAID.first]);
  const asked = await heard(bob, SAID.first);
  await heard(eve, SAID.first);
  const api = await stagedApi(ada);
  await api.send({ room, text: SAID.person, written_by: "person" });
  for (const agent of [bob, eve]) {
    const { written_by } = await heard(agent, SAID.person);
    assert.equal(written_by, "person");
  }
  await done(bob, ["reply", asked.short_id, SAID.reply]);
  const answered = await heard(ada, SAID.reply);
  assert.equal(answered.answered.text, SAID.first);
  assert.equal(answered.private, true);
  await heard(eve, SAID.reply);

  const { value: { id } } = await eve.json(["whoami"]);
  await done(ada, ["remove", room, id]);
  await done(ada, ["send", room, SAID.after]);
  await heard(bob, SAID.after);
  const late = await eve.run(["messages", "--wait", "2s"]);
  assert.equal(late.code, 6, late.stdout);
  const past = await eve.run(["history", room]);
  assert.doesNotMatch(past.stdout, /threesecret/);
  const refused = await eve.run(["send", room, "let me in"]);
  assert.equal(refused.code, 4, refused.stderr);

  await losesAll(stage, bob, relay);
  await done(bob, ["send", room, SAID.back]);
  await heard(ada, SAID.back);
  nothingPlain(relay);
}

/** All but the key is gone; the key alone brings it back. */
async function losesAll(
  stage: Stage,
  bob: StagedAgent,
  relay: ToldRelay,
): Promise<void> {
  await done(bob, ["stop"]);
  await gone(`${bob.dataDir}/daemon.pid`);
  await Deno.remove(`${bob.dataDir}/state`, { recursive: true });
  await Deno.remove(`${bob.dataDir}/room.keys`);
  await stage.agent("bob").online({ relay: relay.url });
  const found = await bob.json(["recover"]);
  assert.equal(found.code, 0, found.stdout);
  const statuses = found.value.rooms.map((one: { status: string }) =>
    one.status
  );
  assert.deepEqual(statuses, ["recovered"]);
  const past = await bob.run(["history", SAID.name]);
  assert.match(past.stdout, /onesecret[^]*twosecret[^]*threesecret/);
}

async function gone(path: string): Promise<void> {
  for (;;) {
    try {
      await Deno.lstat(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export async function done(
  agent: StagedAgent,
  args: readonly string[],
): Promise<void> {
  const { code, stdout, stderr } = await agent.run(args);
  assert.equal(code, 0, `${args.join(" ")}: ${stdout}${stderr}`);
}

/** Waits for a message that says so, and shows it. */
export async function heard(agent: StagedAgent, text: string) {
  for (let tries = 0; tries < 20; tries++) {
    const { value } = await agent.json(["messages", "--wait", "20s"]);
    const found = value.messages?.find((one: { text: string }) =>
      one.text === text
    );
    if (found !== undefined) return found;
  }
  throw new Error(`${agent.name} never heard ${text}`);
}

/** No frame of the run holds a word of it, as it is or by the wire's ways to write it. */
export function nothingPlain(relay: ToldRelay): void {
  assert.ok(relay.frames.length > 50, "frames were kept");
  const words = Object.values(SAID).map((text) => /\w+/.exec(text)![0]);
  for (const word of words) {
    const base64 = btoa(word).replace(/=+$/, "").slice(0, -1);
    for (const frame of relay.frames) {
      assert.ok(!frame.includes(word), `${word} in ${frame.slice(0, 300)}`);
      assert.ok(!frame.includes(base64), `${word} in ${frame.slice(0, 300)}`);
    }
  }
  assert.ok(relay.frames.some((one) => one.includes("agentnet-e2e-1.m.")));
}
