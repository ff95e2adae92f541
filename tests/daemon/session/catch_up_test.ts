import assert from "node:assert/strict";
import { Failure } from "../../../lib/errors.ts";
import { ADA, SessionRig } from "../../fakes/session_rig.ts";

const never = new AbortController().signal;

Deno.test("CatchUp: a history refused for an hour holds live messages for half a minute, then they come behind a gap, and no other room waits", async () => {
  using rig = await SessionRig.inTea({ features: [] });
  const { relay } = rig;
  relay.say("tea", ADA, "before");
  relay.makeRoom("two");
  await rig.session.join({ room: "two" });
  await rig.clock.advance(10);
  relay.refuse = (operation) =>
    operation === "rest tea"
      ? new Failure("RATE_LIMITED", { retryAfterMs: 3_599_000 })
      : undefined;
  relay.cut();
  await rig.clock.advance(1_000);
  relay.say("two", ADA, "two is free");
  relay.say("tea", ADA, "tea waits");
  assert.deepEqual(await rig.texts(), ["before", "two is free"]);
  await rig.clock.advance(31_000);
  assert.deepEqual(await rig.texts("tea"), ["before", "tea waits"]);
  const { gaps } = await rig.session.messages({}, never);
  assert.equal(gaps.length, 1);
  relay.say("tea", ADA, "live again");
  assert.deepEqual((await rig.texts("tea")).at(-1), "live again");
});

Deno.test("CatchUp: a refused history is asked again after five minutes at most", async () => {
  using rig = await SessionRig.inTea({ features: [] });
  const { relay } = rig;
  relay.refuse = (operation) =>
    operation === "rest tea"
      ? new Failure("RATE_LIMITED", { retryAfterMs: 3_599_000 })
      : undefined;
  relay.cut();
  relay.say("tea", ADA, "away", { deliver: false });
  await rig.clock.advance(1_000);
  relay.refuse = () => undefined;
  await rig.clock.advance(301_000);
  assert.deepEqual(await rig.texts(), ["away"]);
});

for (const features of [[], undefined] as const) {
  const relay = features === undefined ? "ours" : "a Go relay";
  Deno.test(`CatchUp: what went by unread is fetched from ${relay}, also what came while that was under way`, async () => {
    using rig = await SessionRig.inTea(features ? { features } : {});
    rig.relay.say("tea", ADA, "one");
    await rig.clock.advance(10);
    rig.relay.say("tea", ADA, "by unread", { deliver: false });
    let isFirst = true;
    rig.relay.refuse = (operation) => {
      if (/^(history|rest) tea/.test(operation) && isFirst) {
        isFirst = false;
        rig.clock.after(0, () => {
          rig.relay.say("tea", ADA, "unread too", { deliver: false });
          rig.relay.overrun();
        });
      }
      return undefined;
    };
    rig.relay.overrun();
    await rig.clock.advance(5_000);
    assert.deepEqual(await rig.texts(), ["one", "by unread", "unread too"]);
    assert.deepEqual((await rig.session.messages({}, never)).gaps, []);
    rig.relay.say("tea", ADA, "live again");
    await rig.clock.advance(10);
    assert.equal((await rig.texts()).at(-1), "live again");
  });
}

for (const features of [[], undefined] as const) {
  const relay = features === undefined ? "ours" : "a Go relay";
  Deno.test(`CatchUp: what goes by unread just after a first join is fetched too, from ${relay}`, async () => {
    using rig = new SessionRig(features ? { features } : {});
    rig.relay.makeRoom("tea");
    rig.relay.say("tea", ADA, "before we joined");
    rig.session.start();
    await rig.clock.advance(5_000);
    const joined = rig.session.join({ room: "tea" });
    await joined;
    rig.relay.say("tea", ADA, "unread", { deliver: false });
    rig.relay.overrun();
    await rig.clock.advance(5_000);
    assert.deepEqual(await rig.texts(), ["unread"]);
  });
}

Deno.test("CatchUp: what goes by unread while the place of a first join is asked for is fetched too", async () => {
  using rig = new SessionRig();
  rig.relay.makeRoom("tea");
  rig.relay.say("tea", ADA, "before we joined");
  rig.session.start();
  await rig.clock.advance(5_000);
  const gate = Promise.withResolvers<void>();
  rig.relay.slow = (operation) =>
    operation === "history tea" ? gate.promise : undefined;
  await rig.session.join({ room: "tea" });
  await rig.clock.advance(10);
  rig.relay.say("tea", ADA, "unread", { deliver: false });
  rig.relay.overrun();
  gate.resolve();
  await rig.clock.advance(1_000);
  rig.relay.say("tea", ADA, "live");
  await rig.clock.advance(1_000);
  assert.deepEqual(await rig.texts(), ["unread", "live"]);
});

for (const code of ["NOT_IN_ROOM", "ROOM_NOT_FOUND"] as const) {
  Deno.test(`CatchUp: a relay that answers a history with ${code} does not have us in it: status says so, and it is joined again`, async () => {
    using rig = await SessionRig.inTea();
    rig.relay.say("tea", ADA, "one");
    rig.relay.say("tea", ADA, "two", { deliver: false });
    let refusals = 1;
    let wasJoined: boolean | undefined;
    rig.relay.refuse = (operation) => {
      if (operation === "join tea") {
        wasJoined = rig.session.status().rooms[0]?.joined;
      }
      return operation === "history tea" && refusals-- > 0
        ? new Failure(code, { fields: { room: "tea" } })
        : undefined;
    };
    rig.relay.overrun();
    await rig.clock.advance(5_000);
    assert.equal(wasJoined, false);
    assert.equal(rig.session.status().rooms[0]?.state, "joined");
    assert.deepEqual(await rig.texts(), ["one", "two"]);
  });
}

Deno.test("CatchUp: a relay that lets us in and never gives the history is not asked without end", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ADA, "one");
  rig.relay.refuse = (operation) =>
    operation === "history tea"
      ? new Failure("NOT_IN_ROOM", { fields: { room: "tea" } })
      : undefined;
  rig.relay.asked.length = 0;
  rig.relay.overrun();
  await rig.clock.advance(60_000);
  assert.ok(rig.relay.asked.length <= 8, rig.relay.asked.join());
  rig.relay.say("tea", ADA, "two");
  await rig.clock.advance(1_000);
  assert.deepEqual(await rig.texts(), ["one", "two"]);
  assert.equal((await rig.session.messages({}, never)).gaps.length, 1);
});

Deno.test("JoinedRooms: a relay that says `retry at once` is not asked in a busy loop", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.cut();
  rig.relay.asked.length = 0;
  rig.relay.refuse = (operation) =>
    operation.startsWith("join")
      ? new Failure("RATE_LIMITED", { retryAfterMs: 0 })
      : undefined;
  await rig.clock.advance(10_000);
  const joins = rig.relay.asked.filter((one) => one === "join tea").length;
  assert.ok(joins >= 2 && joins <= 21, `${joins} joins in ten seconds`);
});

Deno.test("JoinedRooms: an own room that may not be made yet keeps no other room out", async () => {
  using rig = new SessionRig();
  const { relay } = rig;
  rig.session.start();
  await rig.clock.advance(10);
  await rig.session.create({ room: "aaa" });
  relay.makeRoom("bbb");
  await rig.session.join({ room: "bbb" });
  relay.refuse = (operation) =>
    operation.startsWith("create")
      ? new Failure("TOO_NEW", { retryAfterMs: 300_000 })
      : undefined;
  relay.close("aaa");
  await rig.clock.advance(1_000);
  relay.cut();
  await rig.clock.advance(5_000);
  assert.ok(relay.hasJoined("bbb"));
});

Deno.test("CatchUp: a relay whose history never ends is asked for 5 pages a second; when it ends, all is there in order", async () => {
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

Deno.test("CatchUp: what a history says that it has and does not give is a gap at once", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ADA, "one");
  await rig.clock.advance(10);
  rig.relay.endless = true;
  rig.relay.cut();
  await rig.clock.advance(1_000);
  assert.deepEqual(await gapsOf(rig), [undefined]);
});

Deno.test("CatchUp: what can't be taken at the end of a history is a gap at once", async () => {
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
  Deno.test(`CatchUp: what the number of an own message shows to be withheld ${what}, with no later message`, async () => {
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

Deno.test("CatchUp: an own message that the relay has numbered and keeps from its history shows what was before it", async () => {
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
