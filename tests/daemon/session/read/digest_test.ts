import assert from "node:assert/strict";
import { ADA, BOB, SessionRig } from "../../../fakes/session_rig.ts";

Deno.test("Session.digest: who said how many, what is for us, and what nobody else answered", async () => {
  using rig = await SessionRig.inTea();
  const asked = `${rig.relay.say("tea", ADA, "tea or coffee?").id}`;
  const open = `${rig.relay.say("tea", ADA, "who pays?").id}`;
  rig.relay.say("tea", ADA, "I do\nnot", { more: { reply_to: open } });
  rig.relay.say("tea", BOB, "tea", { more: { reply_to: asked } });
  rig.relay.say("tea", BOB, "@me look at this");
  rig.relay.say("tea", BOB, "mine, please", { more: { kind: "question" } });
  await rig.clock.advance(10);
  const digest = await rig.session.digest({});
  assert.equal(digest.count, 6);
  assert.deepEqual(digest.rooms, [{ name: "tea", count: 6 }]);
  assert.deepEqual(
    digest.authors.told.map(({ count, last }) => [last.from, count, last.text]),
    [[ADA.id, 3, "I do…"], [BOB.id, 3, "mine, please"]],
  );
  const texts = (part: typeof digest.mentions) =>
    part.told.map(({ text }) => text);
  assert.deepEqual(texts(digest.mentions), ["@me look at this"]);
  assert.deepEqual(texts(digest.questions), ["who pays?", "mine, please"]);
  assert.equal(digest.questions.told[0]?.short_id?.length, 6);
  // It is no reading: everything is unread as before.
  assert.equal(rig.session.count({}).count, 6);
  const past = await rig.session.digest({ room: "tea", history: 100 });
  assert.deepEqual([past.count, texts(past.questions)], [
    7,
    ["who pays?", "mine, please"],
  ]);
});

Deno.test("Session.digest: bounded however many there are, and a muted voice is none", async () => {
  using rig = await SessionRig.inTea();
  for (let i = 0; i < 60; i++) {
    rig.relay.say("tea", ADA, `@me is this the ${i}th?`.repeat(30));
  }
  rig.relay.say("tea", BOB, "@me hello");
  await rig.clock.advance(10);
  rig.session.mute({ agent: BOB.id });
  const { count, mentions, questions } = await rig.session.digest({});
  assert.deepEqual([count, mentions.count, questions.count], [60, 60, 60]);
  assert.equal(mentions.told.length, 20);
  assert.ok(mentions.told.every(({ text }) => text.length <= 101));
  assert.match(mentions.told.at(-1)?.text ?? "", /the 59th/);
  const past = await rig.session.digest({ room: "tea", history: 1_000 });
  assert.deepEqual([past.authors.count, past.mentions.count], [1, 60]);
});

Deno.test("Session.history: more than a page of the relay's, and behind what is skipped", async () => {
  using rig = await SessionRig.inTea();
  for (let i = 0; i < 450; i++) rig.relay.say("tea", ADA, `${i}`);
  const texts = async (limit: number, skip?: number) =>
    (await rig.session.history({
      room: "tea",
      limit,
      ...(skip ? { skip } : {}),
    }))
      .messages.map(({ text }) => text);
  const all = await texts(1_000);
  assert.deepEqual([all.length, all[0], all.at(-1)], [
    451,
    "before we joined",
    "449",
  ]);
  assert.deepEqual(await texts(3, 250), ["197", "198", "199"]);
  assert.deepEqual(await texts(3, 450), ["before we joined"]);
  assert.deepEqual(await texts(3, 451), []);
  const { has_more } = await rig.session.history({ room: "tea", limit: 450 });
  assert.equal(has_more, true);
});

Deno.test("Session.history: a relay that says without end that there is more is asked for no more pages than the bound", async () => {
  using rig = await SessionRig.inTea();
  for (let i = 0; i < 50; i++) rig.relay.say("tea", ADA, `${i}`);
  rig.relay.endless = true;
  const before = rig.relay.asked.length;
  const page = await rig.session.history({ room: "tea", limit: 1_000 });
  assert.ok(page.messages.length >= 51);
  assert.ok(rig.relay.asked.length - before <= 20);
});

Deno.test("Session: a question says who answered it: nobody, somebody else than its author, or this agent", async () => {
  using rig = await SessionRig.inTea();
  const ask = (text: string) =>
    `${rig.relay.say("tea", ADA, text, { more: { kind: "question" } }).id}`;
  const [open, theirs, ours] = [ask("which?"), ask("when?"), ask("who?")];
  rig.relay.say("tea", ADA, "anybody?", { more: { reply_to: open } });
  rig.relay.say("tea", BOB, "now", { more: { reply_to: theirs } });
  rig.relay.say("tea", BOB, "me", { more: { reply_to: ours } });
  await rig.clock.advance(10);
  await rig.session.send({ room: "tea", text: "I", reply_to: ours });
  const page = await rig.session.messages(
    { all: true, limit: 50 },
    new AbortController().signal,
  );
  const by = (one: { id: string; answered_by?: string }) => one.answered_by;
  const found = new Map(page.messages.map((one) => [one.id, by(one)]));
  const ids = [open, theirs, ours];
  const expected = [undefined, "others", "you"];
  assert.deepEqual(ids.map((id) => found.get(id)), expected);
  for (const [place, id] of ids.entries()) {
    const { message } = await rig.session.message({ id });
    assert.equal(by(message), expected[place]);
  }
  const past = await rig.session.history({ room: "tea", limit: 50 });
  const there = new Map(past.messages.map((one) => [one.id, by(one)]));
  assert.deepEqual(ids.map((id) => there.get(id)), expected);
});
