import assert from "node:assert/strict";
import { Failure } from "../../../lib/errors.ts";
import { ADA, SessionRig } from "../../fakes/session_rig.ts";

const never = new AbortController().signal;

Deno.test("RoomRunner: a history refused for an hour holds live messages for half a minute, then they come behind a gap, and no other room waits", async () => {
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

Deno.test("RoomRunner: a refused history is asked again after five minutes at most", async () => {
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
  Deno.test(`RoomRunner: what went by unread is fetched from ${relay}, also what came while that was under way`, async () => {
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
  Deno.test(`RoomRunner: what goes by unread just after a first join is fetched too, from ${relay}`, async () => {
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

Deno.test("RoomRunner: what goes by unread while the place of a first join is asked for is fetched too", async () => {
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
  Deno.test(`RoomRunner: a relay that answers a history with ${code} does not have us in it: status says so, and it is joined again`, async () => {
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

Deno.test("RoomRunner: a relay that lets us in and never gives the history is not asked without end", async () => {
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

Deno.test("RoomRunner: a relay that says `retry at once` is not asked in a busy loop", async () => {
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

Deno.test("RoomRunner: an own room that may not be made yet keeps no other room out", async () => {
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

for (const [between, isCut] of [["success", false], ["cut", true]] as const) {
  Deno.test(`RoomRunner: a history that twice does not answer is asked for as long again after a ${between}, and nothing is a gap`, async () => {
    using rig = await SessionRig.inTea();
    const { relay, clock } = rig;
    let silent = 0;
    relay.refuse = (operation) =>
      operation === "history tea" && silent-- > 0
        ? new Failure("RELAY_SILENT")
        : undefined;
    relay.say("tea", ADA, "one");
    await clock.advance(10);
    silent = 2;
    relay.overrun();
    await clock.advance(isCut ? 15_000 : 30_000);
    relay.say("tea", ADA, "by unread", { deliver: false });
    silent = 2;
    if (isCut) relay.cut();
    else relay.overrun();
    await clock.advance(60_000);
    assert.deepEqual(await rig.texts(), ["one", "by unread"]);
    assert.deepEqual((await rig.session.messages({}, never)).gaps, []);
  });
}

Deno.test("RoomRunner: while a line that goes away takes no question, what waits is held, and its history is had by the next", async () => {
  using rig = await SessionRig.inTea();
  const { relay, clock } = rig;
  relay.say("tea", ADA, "one");
  await clock.advance(10);
  let isGoing = true;
  relay.refuse = (operation) =>
    operation === "history tea" && isGoing
      ? new Failure("NOT_CONNECTED")
      : undefined;
  relay.say("tea", ADA, "by unread", { deliver: false });
  relay.overrun();
  await clock.advance(10);
  relay.say("tea", ADA, "waits");
  await clock.advance(60_000);
  assert.deepEqual(await rig.texts(), ["one"]);
  relay.cut();
  isGoing = false;
  await clock.advance(60_000);
  assert.deepEqual(await rig.texts(), ["one", "by unread", "waits"]);
  assert.deepEqual((await rig.session.messages({}, never)).gaps, []);
});

Deno.test("RoomRunner.disconnected: a limit on joining is the connection's, and does not keep the next one waiting", async () => {
  using rig = await SessionRig.inTea();
  let refusals = 1;
  rig.relay.refuse = (operation) =>
    operation === "join tea" && refusals-- > 0
      ? new Failure("TOO_NEW", { retryAfterMs: 300_000 })
      : undefined;
  rig.relay.cut();
  await rig.clock.advance(5_000);
  assert.equal(rig.session.status().rooms[0]?.joined, false);
  rig.relay.cut();
  await rig.clock.advance(10_000);
  assert.equal(rig.session.status().rooms[0]?.joined, true);
});
