import assert from "node:assert/strict";
import { ADA, SessionRig } from "../../../fakes/session_rig.ts";

const never = new AbortController().signal;

Deno.test("PastFetcher: a relay whose history never ends is asked for 5 pages a second; when it ends, all is there in order", async () => {
  using rig = await SessionRig.inTea();
  const { relay } = rig;
  relay.say("tea", ADA, "before");
  await rig.clock.advance(10);
  const pages = () =>
    relay.asked.filter((operation) => operation === "history tea").length;
  let said = 0;
  relay.endless = true;
  relay.refuse = (operation) => {
    if (operation === "history tea" && relay.endless) {
      relay.say("tea", ADA, `past ${said++}`, { deliver: false });
    }
    return undefined;
  };
  relay.cut();
  const before = pages();
  await rig.clock.advance(60_000);
  assert.ok(pages() - before <= 300 + 60 * 5, `${pages() - before}`);
  relay.say("tea", ADA, "live");
  relay.endless = false;
  await rig.clock.advance(60_000);
  const expected = Array.from({ length: said }, (_, i) => `past ${i}`);
  const all = ["before", ...expected, "live"];
  assert.deepEqual(await rig.texts("tea"), all.slice(0, 500));
  const { messages, gaps } = rig.session.search({ words: "live", limit: 5 });
  assert.deepEqual([messages.length, gaps], [1, []]);
});

/** Gaps of "tea", each as its count. */
async function gapsOf(rig: SessionRig) {
  const { gaps } = await rig.session.messages({}, never);
  return gaps.map(({ count }) => count);
}

Deno.test("PastFetcher: what a history says that it has and does not give is a gap at once", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ADA, "one");
  await rig.clock.advance(10);
  rig.relay.endless = true;
  rig.relay.cut();
  await rig.clock.advance(1_000);
  assert.deepEqual(await gapsOf(rig), [undefined]);
});

Deno.test("PastFetcher: what can't be taken at the end of a history is a gap at once", async () => {
  using rig = await SessionRig.inTea();
  const { relay } = rig;
  relay.say("tea", ADA, "one");
  await rig.clock.advance(10);
  relay.cut();
  relay.say("tea", ADA, "two");
  const stored = relay.rooms.get("tea")?.messages ?? [];
  for (const text of ["three", "four"]) {
    const raw = relay.frame("tea", ADA, { text });
    stored.push({ ...raw, content: { type: "text", text: "forged" } });
  }
  await rig.clock.advance(1_000);
  assert.deepEqual(await rig.texts(), ["one", "two"]);
  assert.deepEqual(await gapsOf(rig), [2]);
  relay.say("tea", ADA, "five");
  await rig.clock.advance(10);
  assert.deepEqual(await gapsOf(rig), [2], "and is told once");
});

for (const keep of [true, false]) {
  const what = keep ? "is fetched" : "and not kept either is a gap";
  Deno.test(`PastFetcher: what the number of an own message shows to be withheld ${what}, with no later message`, async () => {
    using rig = await SessionRig.inTea();
    const { relay } = rig;
    relay.say("tea", ADA, "one");
    await rig.clock.advance(10);
    relay.say("tea", ADA, "withheld", { deliver: false, keep });
    await rig.session.send({ room: "tea", text: "ours" });
    await rig.clock.advance(1_000);
    assert.deepEqual(await rig.texts(), keep ? ["one", "withheld"] : ["one"]);
    assert.deepEqual(await gapsOf(rig), keep ? [] : [1]);
    relay.say("tea", ADA, "later");
    await rig.clock.advance(10);
    assert.equal((await rig.texts()).at(-1), "later");
    assert.deepEqual(await gapsOf(rig), keep ? [] : [1]);
  });
}

Deno.test("PastFetcher: an own message that the relay has numbered and keeps from its history shows what was before it", async () => {
  using rig = await SessionRig.inTea();
  const { relay } = rig;
  relay.say("tea", ADA, "one");
  await rig.clock.advance(10);
  relay.say("tea", ADA, "withheld", { deliver: false, keep: false });
  const { messages } = relay.rooms.get("tea")!;
  const had = messages.length;
  rig.relay.refuse = (operation) => {
    if (operation === "history tea") messages.length = had;
    return undefined;
  };
  await rig.session.send({ room: "tea", text: "ours" });
  await rig.clock.advance(1_000);
  assert.deepEqual(await gapsOf(rig), [1]);
  relay.say("tea", ADA, "later");
  await rig.clock.advance(1_000);
  assert.deepEqual(await rig.texts(), ["one", "later"]);
  assert.deepEqual(await gapsOf(rig), [1]);
});
