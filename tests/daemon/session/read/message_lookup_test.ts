import assert from "node:assert/strict";
import { shortIdOf } from "../../../../daemon/mailbox/short_ids.ts";
import { Failure } from "../../../../lib/errors.ts";
import { ADA, BOB, ME, SessionRig } from "../../../fakes/session_rig.ts";

async function failureOf(action: Promise<unknown>): Promise<Failure> {
  try {
    await action;
  } catch (error) {
    assert.ok(error instanceof Failure);
    return error;
  }
  throw new Error("nothing failed");
}

Deno.test("Session.message: by number, short id and id, the same in the mailbox and in the relay's history", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ADA, "hello");
  await rig.clock.advance(10);
  const [heard] = await rig.all();
  assert.ok(heard?.short_id);
  assert.equal(
    heard.short_id,
    shortIdOf({ from: ADA.id, id: heard.id }).slice(0, 6),
  );
  for (const id of [`${heard.cursor}`, heard.short_id, heard.id]) {
    assert.equal((await rig.session.message({ id })).message.text, "hello");
  }
  const { messages } = await rig.session.history({ room: "tea", limit: 10 });
  const [before, same] = messages;
  assert.equal(same?.short_id, heard.short_id);
  assert.ok(before?.short_id);
  const { message } = await rig.session.message({ id: before.short_id });
  assert.deepEqual(
    [message.text, message.id, message.cursor],
    ["before we joined", before.id, undefined],
  );
  const byId = await rig.session.message({ id: before.id, room: "tea" });
  assert.deepEqual(byId.message, message);
});

Deno.test("Session.message: an id that somebody chose like another's short id takes nobody's place, here or in the history", async () => {
  using rig = await SessionRig.inTea();
  const { messages } = await rig.session.history({ room: "tea", limit: 10 });
  const [before] = messages;
  const id = before?.short_id ?? "";
  rig.relay.say("tea", ADA, "forged", { id });
  await rig.clock.advance(10);
  const { message } = await rig.session.message({ id });
  assert.equal(message.text, "before we joined");
  const forged = await rig.session.message({ id, from: ADA.id });
  assert.equal(forged.message.text, "forged");
});

Deno.test("Session.message: a message far back is found page by page, in no more pages than the bound", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.makeRoom("long");
  rig.relay.say("long", BOB, "the first");
  for (let i = 0; i < 450; i++) rig.relay.say("long", BOB, `later ${i}`);
  const asked = () =>
    rig.relay.asked.filter((one) => /^(history|rest) long/.test(one)).length;
  const { messages } = await rig.session.history({ room: "long", limit: 1 });
  assert.equal(messages.length, 1);
  const before = asked();
  const all = await rig.session.history({ room: "long", limit: 200 });
  const first = { from: BOB.id, id: "nothing like it" };
  assert.equal(all.messages.length, 200);
  const none = await failureOf(
    rig.session.message({ id: shortIdOf(first), room: "long" }),
  );
  assert.equal(none.code, "NOT_FOUND");
  assert.match(none.message, /history of #long/);
  const pages = asked() - before - 1;
  assert.ok(pages >= 3 && pages <= 12, `${pages}`);
});

Deno.test("Session.message: a number is asked of no relay, and a relay that has no answer is no message", async () => {
  using rig = await SessionRig.inTea();
  const before = rig.relay.asked.length;
  assert.equal(
    (await failureOf(rig.session.message({ id: "999" }))).code,
    "NOT_FOUND",
  );
  assert.equal(rig.relay.asked.length, before);
  rig.relay.refuse = (operation) =>
    /^(history|rest)/.test(operation) ? new Failure("HISTORY_OFF") : undefined;
  assert.equal(
    (await failureOf(rig.session.message({ id: "abcdef" }))).code,
    "NOT_FOUND",
  );
});

Deno.test("Session: what a message answers is told with its author and start, of others and of our own", async () => {
  using rig = await SessionRig.inTea();
  const long = "which colour? ".repeat(20);
  const { id: mine } = await rig.session.send({ room: "tea", text: long });
  const theirs = `${rig.relay.say("tea", ADA, "tea or coffee?").id}`;
  rig.relay.say("tea", BOB, "red", { more: { reply_to: mine } });
  rig.relay.say("tea", BOB, "tea", { more: { reply_to: theirs } });
  rig.relay.say("tea", BOB, "lost", { more: { reply_to: "nobody-knows" } });
  await rig.clock.advance(10);
  const heard = (await rig.all()).filter(({ from }) => from === BOB.id);
  assert.deepEqual(
    heard.map((
      { answered },
    ) => [answered?.you, answered?.from, answered?.text]),
    [
      [true, ME.id, long.slice(0, 100)],
      [undefined, ADA.id, "tea or coffee?"],
      [undefined, undefined, undefined],
    ],
  );
  const page = await rig.session.history({ room: "tea", limit: 20 });
  assert.equal(
    page.messages.find(({ text }) => text === "tea")?.answered?.text,
    "tea or coffee?",
  );
});

Deno.test("Session: an id that two authors used is quoted of neither", async () => {
  using rig = await SessionRig.inTea();
  const id = `${rig.relay.say("tea", ADA, "shall we go on?").id}`;
  rig.relay.say("tea", BOB, "shall we delete everything?", { id });
  rig.relay.say("tea", BOB, "yes", { more: { reply_to: id } });
  await rig.clock.advance(10);
  const yes = (await rig.all()).find(({ text }) => text === "yes");
  assert.deepEqual([yes?.reply_to, yes?.answered], [id, undefined]);
});

Deno.test("Session.message: what a history listed is found however far back, in one question", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.makeRoom("long");
  for (let i = 0; i < 3_000; i++) rig.relay.say("long", BOB, `line ${i}`);
  const newest = await rig.session.history({ room: "long", limit: 1 });
  const before_seq = (newest.messages[0]?.seq ?? 0) - 2_900;
  const listed = await rig.session.history({
    ...{ room: "long", limit: 5, before_seq },
  });
  const [far] = listed.messages;
  assert.ok(far?.short_id);
  const before = rig.relay.asked.length;
  const { message } = await rig.session.message({ id: far.short_id });
  assert.equal(message.text, far.text);
  assert.equal(rig.relay.asked.length - before, 1);
  const elsewhere = rig.session.message({ id: far.short_id, room: "tea" });
  assert.equal((await failureOf(elsewhere)).code, "NOT_FOUND");
});

Deno.test("Session.message: a room that is named is meant, for those of the mailbox too", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ADA, "here");
  await rig.clock.advance(10);
  const [heard] = await rig.all();
  assert.ok(heard?.short_id);
  for (const id of [`${heard.cursor}`, heard.short_id, heard.id]) {
    const here = await rig.session.message({ id, room: "tea" });
    assert.equal(here.message.text, "here");
    const elsewhere = rig.session.message({ id, room: "other" });
    assert.equal((await failureOf(elsewhere)).code, "NOT_FOUND", id);
  }
});
