import assert from "node:assert/strict";
import { Failure } from "../../../../lib/errors.ts";
import type { MessagesQuery } from "../../../../lib/local_api/types/mailbox.ts";
import { ADA, BOB, ME, SessionRig } from "../../../fakes/session_rig.ts";

async function ask(rig: SessionRig, query: MessagesQuery = {}) {
  return await rig.session.messages(query, new AbortController().signal);
}

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
  return "none";
}

Deno.test("Session.mute: what the author wrote and writes is kept from reading, counting and status, and shown with all", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ADA, "before");
  await rig.clock.advance(10);
  const { contact } = rig.session.mute({ agent: ADA.id });
  assert.deepEqual([contact.id, contact.muted], [ADA.id, true]);
  rig.relay.say("tea", ADA, "after");
  await rig.clock.advance(10);
  assert.deepEqual((await ask(rig)).messages, []);
  assert.deepEqual((await ask(rig, { after: 0 })).messages, []);
  assert.deepEqual((await ask(rig, { from: ADA.id })).messages, []);
  assert.equal(rig.session.count({}).count, 0);
  assert.equal(rig.session.status().unread, 0);
  const all = (await ask(rig, { all: true })).messages;
  assert.deepEqual(all.map(({ text, muted }) => [text, muted]), [
    ["before", true],
    ["after", true],
  ]);
  rig.session.unmute({ agent: ADA.id });
  const again = (await ask(rig)).messages;
  assert.deepEqual(again.map(({ text, muted }) => [text, muted]), [
    ["before", undefined],
    ["after", undefined],
  ]);
});

Deno.test("Session.mute: a muted voice wakes nobody, tells no listener, and does not lift the brakes", async () => {
  using rig = await SessionRig.inTea({ settings: { brakes: true } });
  rig.session.mute({ agent: ADA.id });
  const told: string[] = [];
  rig.session.subscribe(({ text }) => void told.push(text));
  let woken = 0;
  const wait = ask(rig, { wait_ms: 60_000 }).then(() => woken++);
  for (let i = 0; i < 5; i++) {
    const sent = rig.session.send({ room: "tea", text: `${i}` });
    await rig.clock.advance(10);
    await sent;
  }
  rig.relay.say("tea", ADA, "muted");
  await rig.clock.advance(10);
  assert.deepEqual([told, woken], [[], 0]);
  await assert.rejects(
    rig.session.send({ room: "tea", text: "six" }),
    (e) => e instanceof Failure && e.code === "BRAKES",
  );
  rig.relay.say("tea", BOB, "heard");
  await rig.clock.advance(1_000);
  await wait;
  assert.deepEqual([told, woken], [["heard"], 1]);
});

Deno.test("Session.mute: lasts over a restart, and what is lost of a muted author is no loss", async () => {
  using rig = await SessionRig.inTea({ settings: { buffer: 2 } });
  rig.session.mute({ agent: ADA.id });
  for (let i = 0; i < 5; i++) rig.relay.say("tea", ADA, `${i}`);
  await rig.clock.advance(1_000);
  assert.equal((await ask(rig)).dropped, 0);
  await rig.restart();
  rig.relay.say("tea", ADA, "still");
  await rig.clock.advance(1_000);
  assert.deepEqual((await ask(rig)).messages, []);
  assert.equal(rig.session.contacts().contacts[0]?.muted, true);
});

Deno.test("Session.pin: a pinned name under another key, or one that looks like it, is flagged wherever it is shown", async () => {
  using rig = await SessionRig.inTea();
  rig.session.pin({ agent: ADA.id, name: "Ada" });
  const heard: unknown[] = [];
  rig.session.subscribe(({ name_conflict }) => void heard.push(name_conflict));
  rig.relay.say("tea", ADA, "hers", { name: "ada" });
  rig.relay.say("tea", BOB, "his", { name: "bob" });
  rig.relay.say("tea", BOB, "a fake", { name: "аda" });
  await rig.clock.advance(100);
  const { messages } = await ask(rig);
  assert.deepEqual(messages.map((one) => one.name_conflict), [
    undefined,
    undefined,
    "Ada",
  ]);
  assert.deepEqual(heard, [undefined, undefined, "Ada"]);
  const fake = messages[2]!;
  assert.equal(
    (await rig.session.message({ id: fake.id })).message.name_conflict,
    "Ada",
  );
  const found = rig.session.search({ words: "fake", limit: 1 });
  assert.equal(found.messages[0]?.name_conflict, "Ada");
  rig.session.unpin({ agent: "Ada" });
  assert.equal((await ask(rig)).messages[2]?.name_conflict, undefined);
});

Deno.test("Session.pin: the start of a key does where it is long enough and names one agent known here", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ADA, "hello");
  await rig.clock.advance(10);
  const { session } = rig;
  assert.equal(session.mute({ agent: ADA.id.slice(0, 8) }).contact.id, ADA.id);
  assert.equal(
    codeOf(() => session.mute({ agent: ADA.id.slice(0, 7) })),
    "USAGE",
  );
  assert.equal(codeOf(() => session.mute({ agent: "ada" })), "USAGE");
  assert.equal(codeOf(() => session.mute({ agent: "zzzzzzzz" })), "NOT_FOUND");
  assert.equal(codeOf(() => session.unmute({ agent: BOB.id })), "NOT_FOUND");
  assert.equal(codeOf(() => session.mute({ agent: ME.id })), "USAGE");
  for (const name of ["", " ", "x".repeat(65), "a\u202eb"]) {
    const pin = () => session.pin({ agent: ADA.id, name });
    assert.equal(codeOf(pin), "USAGE", JSON.stringify(name));
  }
});

Deno.test("Session.contacts: one that is neither named nor muted any more is forgotten", async () => {
  using rig = await SessionRig.inTea();
  const { session } = rig;
  session.pin({ agent: ADA.id, name: "ada" });
  session.mute({ agent: ADA.id });
  session.unpin({ agent: "ada" });
  assert.deepEqual(
    session.contacts().contacts.map(({ id, name, muted }) => [id, name, muted]),
    [[ADA.id, undefined, true]],
  );
  session.unmute({ agent: ADA.id });
  assert.deepEqual(session.contacts().contacts, []);
});

Deno.test("Session.messages, count: --from by four characters of a key is refused, by a name or by more is not", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ADA, "from ada", { name: "ada" });
  rig.relay.say("tea", BOB, "from bob");
  await rig.clock.advance(10);
  const four = { from: ADA.id.slice(0, 4) };
  await assert.rejects(
    ask(rig, four),
    (error) => error instanceof Failure && error.code === "USAGE",
  );
  assert.equal(codeOf(() => rig.session.count(four)), "USAGE");
  for (const from of [ADA.id, ADA.id.slice(0, 8), "ada", "@ada"]) {
    const { messages } = await ask(rig, { from });
    assert.deepEqual(messages.map(({ text }) => text), ["from ada"], from);
  }
  const { id } = (await ask(rig)).messages[0]!;
  await assert.rejects(
    rig.session.message({ id, ...four }),
    (error) => error instanceof Failure && error.code === "USAGE",
  );
  assert.equal(
    (await rig.session.message({ id, from: ADA.id })).message.id,
    id,
  );
});

Deno.test("Session.messages: nobody is taken for a key by calling themselves so", async () => {
  using rig = await SessionRig.inTea();
  const start = ADA.id.slice(0, 8);
  rig.relay.say("tea", ADA, "from ada");
  rig.relay.say("tea", BOB, "from a false one", { name: start });
  await rig.clock.advance(10);
  const { messages } = await ask(rig, { from: start });
  assert.deepEqual(messages.map(({ text }) => text), ["from ada"]);
});

Deno.test("People.meant: a name that is pinned means that key alone; one that several go by means nobody", async () => {
  using rig = new SessionRig();
  rig.relay.others = [ADA.id, BOB.id];
  rig.relay.makeRoom("tea");
  rig.session.start();
  await rig.clock.advance(5_000);
  await rig.session.join({ room: "tea" });
  const name = "ann";
  rig.relay.say("tea", ADA, "from the one", { name });
  rig.relay.say("tea", BOB, "from the other", { name });
  await rig.clock.advance(10);
  const texts = async (from: string) =>
    (await rig.session.messages(
      { from, all: true },
      new AbortController().signal,
    )).messages
      .map(({ text }) => text);
  assert.deepEqual(await texts("ann"), ["from the one", "from the other"]);
  await rig.session.pin({ agent: ADA.id, name });
  for (const word of ["ann", "@ann", "Ann"]) {
    assert.deepEqual(await texts(word), ["from the one"], word);
  }
  // Both are called "x" in the room.
  await assert.rejects(texts("x"), /several agents go by that name/);
  const { members } = await rig.session.members({ room: "tea" });
  assert.ok(members.every(({ name_conflict }) => name_conflict === undefined));
  await rig.session.pin({ agent: ADA.id, name: "x" });
  const after = await rig.session.members({ room: "tea" });
  assert.deepEqual(after.members.map((one) => one.name_conflict), [
    undefined,
    "x",
  ]);
});
