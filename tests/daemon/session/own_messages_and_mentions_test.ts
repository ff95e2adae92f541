import assert from "node:assert/strict";
import { ADA, BOB, ME, SessionRig } from "../../fakes/session_rig.ts";

const nobody = () => new AbortController().signal;

for (const features of [undefined, []] as const) {
  const relay = features === undefined ? "ours" : "a Go relay";
  Deno.test(`Session: own messages are in their room, with what they answer and are; once, over a restart too, on ${relay}`, async () => {
    using rig = await SessionRig.inTea(features ? { features } : {});
    rig.relay.say("tea", ADA, "which one?", { id: "q" });
    await rig.clock.advance(10);
    await rig.session.send({ room: "tea", text: "assam", reply_to: "q" });
    await rig.session.send({
      room: "tea",
      text: "and milk?",
      kind: "question",
    });
    rig.relay.cut();
    await rig.clock.advance(2_000);
    await rig.restart();
    await rig.clock.advance(2_000);
    const all = (await rig.all()).map(({ text, you, kind, from_name }) => [
      ...[text, you, kind],
      from_name === "me",
    ]);
    assert.deepEqual(all, [
      ["which one?", undefined, undefined, false],
      ["assam", true, undefined, true],
      ["and milk?", true, "question", true],
    ]);
    const page = await rig.session.messages({}, nobody());
    assert.deepEqual(page.messages.map(({ text }) => text), ["which one?"]);
    assert.deepEqual(page.gaps, []);
    const history = await rig.session.history({ room: "tea", limit: 9 });
    assert.deepEqual(
      history.messages.filter(({ you }) => you).map(({ text }) => text),
      ["assam", "and milk?"],
    );
  });
}

Deno.test("Session: what is said to be ours and nobody signed is not ours", async () => {
  using rig = await SessionRig.inTea({ features: [] });
  rig.relay.say("tea", ADA, "hello");
  rig.relay.cut();
  const forged = rig.relay.frame("tea", ME, { text: "I owe you", id: "x" });
  rig.relay.rooms.get("tea")?.messages.push({
    ...{ ...forged, signature: "", nonce: "" },
  });
  await rig.clock.advance(2_000);
  assert.deepEqual((await rig.all()).map(({ text }) => text), ["hello"]);
});

Deno.test("Session: an own message of another run, found in the past with its signature, is in its room, and no unread one", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ME, "from elsewhere", { deliver: false });
  rig.relay.say("tea", ADA, "after it");
  await rig.clock.advance(100);
  assert.deepEqual(
    (await rig.all()).map(({ text, you }) => [text, you ?? false]),
    [["from elsewhere", true], ["after it", false]],
  );
  assert.equal(rig.session.status().unread, 1);
});

Deno.test("Session: a wait for mentions ends at a name as a word or an answer to ours, and at nothing else", async () => {
  using rig = await SessionRig.inTea();
  const { id } = await rig.session.send({ room: "tea", text: "which one?" });
  const wait = async (say: () => void) => {
    let came: readonly string[] | undefined;
    const query = { mention: true, wait_ms: 5_000 };
    const waiting = rig.session.messages(query, nobody()).then((page) => {
      came = page.messages.map(({ text, mention }) => `${text} ${mention}`);
      const cursors = page.messages.map(({ cursor }) => cursor);
      if (cursors.length > 0) rig.session.read({ cursors });
    });
    await rig.clock.advance(1_500);
    say();
    await rig.clock.advance(1_500);
    const woken = came;
    await rig.clock.advance(5_000);
    await waiting;
    return woken;
  };
  const say = (text: string, more = {}) => () =>
    void rig.relay.say("tea", BOB, text, { more });
  assert.deepEqual(await wait(say("hello all")), undefined);
  assert.deepEqual(await wait(say("mail me@example.org")), undefined);
  assert.deepEqual(await wait(say("@me look")), ["@me look true"]);
  assert.deepEqual(await wait(say("it is me")), undefined, "a common word");
  assert.deepEqual(await wait(say("fine", { reply_to: id })), ["fine true"]);
  assert.deepEqual(await wait(say("no", { reply_to: "other" })), undefined);
  await rig.session.send({ room: "tea", text: "@me myself" });
  assert.equal(rig.session.count({ mention: true }).count, 0);
});
