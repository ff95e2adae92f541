import assert from "node:assert/strict";
import { Failure } from "../../../lib/errors.ts";
import { ADA, BOB, SessionRig } from "../../fakes/session_rig.ts";

const never = new AbortController().signal;

function isFailure(code: string) {
  return (error: unknown) => error instanceof Failure && error.code === code;
}

Deno.test("Session: live messages come in order, verified, with growing cursors", async () => {
  using rig = await SessionRig.inTea();
  for (const text of ["one", "two", "three"]) rig.relay.say("tea", ADA, text);
  const messages = await rig.all();
  assert.deepEqual(messages.map(({ text }) => text), ["one", "two", "three"]);
  assert.ok(messages.every(({ verified, late }) => verified && !late));
  assert.deepEqual(messages.map(({ cursor }) => cursor), [1, 2, 3]);
});

Deno.test("Session: what was said while the line was cut is caught up, late, in order, once", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ADA, "before");
  rig.relay.cut();
  for (let i = 0; i < 450; i++) rig.relay.say("tea", ADA, `away ${i}`);
  await rig.clock.advance(1_000);
  rig.relay.say("tea", ADA, "after");
  await rig.clock.advance(100);
  const messages = await rig.all();
  assert.deepEqual(messages.map(({ text }) => text), [
    "before",
    ...Array.from({ length: 450 }, (_, i) => `away ${i}`),
    "after",
  ]);
  assert.deepEqual([messages[0]?.late, messages[5]?.late], [false, true]);
  assert.equal(messages.at(-1)?.late, false);
  const page = await rig.session.messages({}, never);
  assert.deepEqual(page.gaps, []);
});

Deno.test("Session: what was said before joining is not shown, on this join or after a restart", async () => {
  using rig = new SessionRig();
  rig.relay.makeRoom("tea");
  rig.relay.say("tea", ADA, "long ago");
  rig.session.start();
  await rig.clock.advance(5_000);
  await rig.session.join({ room: "tea" });
  rig.relay.say("tea", ADA, "hello");
  await rig.clock.advance(10);
  await rig.restart();
  rig.relay.say("tea", ADA, "again");
  await rig.clock.advance(10);
  assert.deepEqual(await rig.texts(), ["hello", "again"]);
});

Deno.test("Session: messages that the relay has no more are one gap with a count", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ADA, "before");
  rig.relay.cut();
  for (let i = 0; i < 7; i++) {
    rig.relay.say("tea", ADA, "lost", { keep: false });
  }
  rig.relay.say("tea", ADA, "after");
  await rig.clock.advance(1_000);
  const { gaps } = await rig.session.messages({}, never);
  assert.deepEqual(gaps, [{ room: "tea", count: 7, after: 1, before: 2 }]);
  assert.deepEqual(await rig.texts(), ["before", "after"]);
});

Deno.test("Session: a message that the relay skipped live is fetched before the next one gets its cursor", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ADA, "one");
  rig.relay.say("tea", ADA, "two", { deliver: false });
  rig.relay.say("tea", ADA, "three");
  await rig.clock.advance(10);
  assert.deepEqual(await rig.texts(), ["one", "two", "three"]);
});

Deno.test("Session: the first messages of a room that was empty are live, in order, and none is skipped", async () => {
  using rig = new SessionRig();
  rig.session.start();
  await rig.clock.advance(10);
  await rig.session.create({ room: "lab" });
  await rig.clock.advance(10);
  rig.relay.say("lab", ADA, "one", { deliver: false });
  rig.relay.say("lab", ADA, "two");
  rig.relay.say("lab", ADA, "three");
  await rig.clock.advance(10);
  const messages = await rig.all();
  assert.deepEqual(messages.map(({ text, late }) => [text, late]), [
    ["one", true],
    ["two", false],
    ["three", false],
  ]);
});

Deno.test("Session: own messages take numbers and leave no gap", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ADA, "one");
  await rig.session.send({ room: "tea", text: "mine" });
  await rig.session.send({ room: "tea", text: "mine too" });
  const asked = rig.relay.asked.length;
  rig.relay.say("tea", ADA, "two");
  await rig.clock.advance(10);
  assert.equal(rig.relay.asked.length, asked, "no history was needed");
  assert.deepEqual(await rig.texts(), ["one", "two"]);
});

Deno.test("Session: on a relay with REST alone, what was missed is caught up to a known message", async () => {
  using rig = await SessionRig.inTea({ features: [] });
  rig.relay.say("tea", ADA, "before");
  rig.relay.down = true;
  rig.relay.cut();
  for (let i = 0; i < 230; i++) {
    await rig.clock.advance(1);
    rig.relay.say("tea", BOB, `away ${i}`);
  }
  rig.relay.down = false;
  await rig.clock.advance(2_000);
  const messages = await rig.all();
  assert.deepEqual(messages.map(({ text }) => text), [
    "before",
    ...Array.from({ length: 230 }, (_, i) => `away ${i}`),
  ]);
  assert.deepEqual(messages.map(({ verified }) => verified).slice(0, 2), [
    true,
    false,
  ]);
  assert.deepEqual((await rig.session.messages({}, never)).gaps, []);
});

Deno.test("Session: no history anywhere is a gap of unknown size", async () => {
  using rig = await SessionRig.inTea({ features: [] });
  rig.relay.say("tea", ADA, "before");
  rig.relay.refuse = (operation) =>
    operation.startsWith("rest") ? new Failure("HISTORY_OFF") : undefined;
  rig.relay.cut();
  await rig.clock.advance(1_000);
  rig.relay.say("tea", ADA, "after");
  await rig.clock.advance(10);
  const { gaps } = await rig.session.messages({}, never);
  assert.deepEqual(gaps, [{ room: "tea", after: 1, before: 2 }]);
});

Deno.test("Session: a history that never answers keeps live messages waiting for half a minute at most", async () => {
  using rig = await SessionRig.inTea({ features: [] });
  rig.relay.say("tea", ADA, "before");
  rig.relay.refuse = (operation) =>
    operation.startsWith("rest") ? new Failure("NOT_CONNECTED") : undefined;
  rig.relay.cut();
  await rig.clock.advance(1_000);
  rig.relay.say("tea", ADA, "after");
  assert.deepEqual(await rig.texts(), ["before"]);
  await rig.clock.advance(30_000);
  assert.deepEqual(await rig.texts(), ["before", "after"]);
  const { gaps } = await rig.session.messages({}, never);
  assert.deepEqual(gaps, [{ room: "tea", after: 1, before: 2 }]);
});

Deno.test("Session: forty rooms are joined again within a limit of ten a minute, none forgotten", async () => {
  using rig = new SessionRig();
  rig.session.start();
  await rig.clock.advance(10);
  for (let i = 0; i < 40; i++) {
    rig.relay.makeRoom(`room-${i}`);
    await rig.session.join({ room: `room-${i}` });
  }
  const times: number[] = [];
  rig.relay.refuse = (operation) => {
    if (!operation.startsWith("join")) return undefined;
    const now = rig.clock.monotonic();
    while (times[0] !== undefined && times[0] <= now - 60_000) times.shift();
    if (times.length < 10) {
      times.push(now);
      return undefined;
    }
    const retryAfterMs = (times[0] ?? now) + 60_000 - now;
    return new Failure("RATE_LIMITED", { retryAfterMs });
  };
  rig.relay.cut();
  await rig.clock.advance(182_000);
  const joined = rig.session.status().rooms.filter((room) => room.joined);
  assert.equal(joined.length, 40);
});

Deno.test("Session: rejoining waits out TOO_NEW and RATE_LIMITED, and says so", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.cut();
  let refusals = 2;
  rig.relay.refuse = (operation) =>
    operation === "join tea" && refusals-- > 0
      ? new Failure("TOO_NEW", { retryAfterMs: 60_000 })
      : undefined;
  await rig.clock.advance(1_000);
  const [room] = rig.session.status().rooms;
  assert.equal(room?.joined, false);
  assert.match(room?.reason ?? "", /older.*trying again/);
  await rig.clock.advance(121_000);
  assert.equal(rig.session.status().rooms[0]?.joined, true);
});

Deno.test("Session: a room of others that ended is shown as ended, sought, and found when it is made again", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.close("tea");
  await rig.clock.advance(10);
  const [room] = rig.session.status().rooms;
  assert.deepEqual([room?.joined, room?.reason], [
    false,
    "idle; it is looked for again",
  ]);
  await assert.rejects(
    rig.session.send({ room: "tea", text: "x" }),
    isFailure("NOT_IN_ROOM"),
  );
  rig.relay.makeRoom("tea", 9_000_000);
  await rig.clock.advance(61_000);
  rig.relay.say("tea", ADA, "new life");
  await rig.clock.advance(10);
  assert.deepEqual(await rig.texts(), ["new life"]);
  assert.deepEqual((await rig.session.messages({}, never)).gaps, []);
});

Deno.test("Session: a room that this agent made is made again", async () => {
  using rig = new SessionRig();
  rig.session.start();
  await rig.clock.advance(10);
  await rig.session.create({ room: "lab", topic: "t", tags: ["a"] });
  rig.relay.close("lab");
  await rig.clock.advance(100);
  assert.equal(rig.session.status().rooms[0]?.joined, true);
  assert.equal(rig.relay.rooms.get("lab")?.topic, "t");
});

Deno.test("Session: leave forgets the room; of a room one is not in it is NOT_IN_ROOM on any relay", async () => {
  using rig = await SessionRig.inTea({ features: [] });
  assert.deepEqual(await rig.session.leave({ room: "TEA" }), { name: "tea" });
  assert.deepEqual(rig.session.status().rooms, []);
  await assert.rejects(
    rig.session.leave({ room: "tea" }),
    isFailure("NOT_IN_ROOM"),
  );
  await rig.restart();
  assert.deepEqual(rig.session.status().rooms, []);
});
