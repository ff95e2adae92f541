import assert from "node:assert/strict";
import { ADA, SessionRig } from "../../fakes/session_rig.ts";

const never = new AbortController().signal;

async function gapsOf(rig: SessionRig) {
  return (await rig.session.messages({}, never)).gaps;
}

Deno.test("nextRoom, closed: what waited while the room was fetched is had, behind a gap", async () => {
  using rig = await SessionRig.withoutHistory();
  rig.relay.say("tea", ADA, "waits");
  assert.deepEqual(await rig.texts(), ["before"]);
  rig.relay.close("tea");
  await rig.clock.advance(100);
  assert.deepEqual(await rig.texts(), ["before", "waits"]);
  assert.deepEqual(await gapsOf(rig), [{ room: "tea", after: 1, before: 2 }]);
});

Deno.test("nextRoom, closed: a fetch under way is given up before what waited is taken", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ADA, "before");
  rig.relay.cut();
  for (let i = 0; i < 300; i++) rig.relay.say("tea", ADA, `away ${i}`);
  let pages = 0;
  rig.relay.refuse = (operation) => {
    if (operation !== "history tea") return undefined;
    if (++pages === 1) rig.relay.say("tea", ADA, "live");
    // The first page has been had, the second comes when the room is no more.
    if (pages === 2) rig.clock.after(0, () => rig.relay.close("tea"));
    return undefined;
  };
  await rig.clock.advance(5_000);
  const texts = await rig.texts();
  assert.equal(texts.at(-1), "live");
  const away = texts.slice(1, -1);
  assert.deepEqual(
    away,
    Array.from({ length: 200 }, (_, i) => `away ${i}`),
  );
  const { gaps } = await rig.session.messages({ limit: 500 }, never);
  assert.equal(gaps.length, 1);
});

Deno.test("nextRoom, closed: a room found ended after an absence leaves a gap, since nobody knows what was said", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ADA, "before");
  rig.relay.cut();
  rig.relay.say("tea", ADA, "lost with the room");
  rig.relay.rooms.delete("tea");
  await rig.clock.advance(5_000);
  assert.equal(rig.session.status().rooms[0]?.joined, false);
  assert.deepEqual(await gapsOf(rig), [{ room: "tea", after: 1, before: 0 }]);
});

Deno.test("nextRoom: what was said between a cut and the end of the room is a gap behind what waited before the cut", async () => {
  using rig = await SessionRig.withoutHistory();
  rig.relay.say("tea", ADA, "waits");
  rig.relay.cut();
  rig.relay.say("tea", ADA, "lost with the room");
  rig.relay.rooms.delete("tea");
  await rig.clock.advance(5_000);
  assert.deepEqual(await rig.texts(), ["before", "waits"]);
  assert.deepEqual(await gapsOf(rig), [
    { room: "tea", after: 1, before: 2 },
    { room: "tea", after: 2, before: 0 },
  ]);
});

Deno.test("nextRoom: what was said while the connection was gone is a gap between what waited before and after, once the history is given up", async () => {
  using rig = await SessionRig.withoutHistory();
  rig.relay.say("tea", ADA, "waits");
  rig.relay.cut();
  rig.relay.say("tea", ADA, "missed");
  await rig.clock.advance(1_000);
  rig.relay.say("tea", ADA, "waits too");
  await rig.clock.advance(60_000);
  assert.deepEqual(await rig.texts(), ["before", "waits", "waits too"]);
  assert.deepEqual(await gapsOf(rig), [
    { room: "tea", after: 1, before: 2 },
    { room: "tea", after: 2, before: 3 },
  ]);
});

Deno.test("nextRoom, closed: a room whose past is had ends without a gap", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ADA, "before");
  rig.relay.close("tea");
  await rig.clock.advance(100);
  assert.deepEqual(await gapsOf(rig), []);
});

Deno.test("nextRoom, closed: told twice, a room has ended once", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ADA, "before");
  rig.relay.close("tea");
  await rig.clock.advance(100);
  const asked = rig.relay.asked.length;
  rig.relay.close("tea");
  await rig.clock.advance(100);
  assert.deepEqual(await gapsOf(rig), []);
  assert.equal(rig.relay.asked.length, asked);
});

Deno.test("Room.overflow: what came when no more could wait is a gap once the history is given up", async () => {
  using rig = await SessionRig.withoutHistory();
  for (let i = 0; i < 1_001; i++) rig.relay.say("tea", ADA, `${i}`);
  await rig.clock.advance(31_000);
  rig.relay.say("tea", ADA, "after");
  await rig.clock.advance(10);
  const newest = await rig.session.messages({ all: true, limit: 1 }, never);
  assert.equal(newest.remaining, 999, "1,000 are kept: the oldest went out");
  const gaps = await gapsOf(rig);
  assert.deepEqual(gaps.map(({ count }) => count), [undefined, undefined]);
  assert.equal(gaps[1]?.before, (gaps[1]?.after ?? 0) + 1);
});

Deno.test("RoomRequests.leave: what waits while the room is fetched is had, behind a gap, before it is left", async () => {
  using rig = await SessionRig.withoutHistory();
  rig.relay.say("tea", ADA, "waits");
  await rig.session.leave({ room: "tea" });
  assert.deepEqual(await rig.texts(), ["before", "waits"]);
  assert.deepEqual(await gapsOf(rig), [{ room: "tea", after: 1, before: 2 }]);
});

Deno.test("RoomRequests.leave: what comes while the relay is being told is had too", async () => {
  using rig = await SessionRig.withoutHistory();
  const gate = Promise.withResolvers<void>();
  rig.relay.slow = (operation) =>
    operation === "leave tea" ? gate.promise : undefined;
  const left = rig.session.leave({ room: "tea" });
  await rig.clock.advance(10);
  rig.relay.say("tea", ADA, "just then");
  gate.resolve();
  await left;
  assert.deepEqual(await rig.texts(), ["before", "just then"]);
});

Deno.test("RoomRequests.leave: a room whose past is had, or of which nothing waits, is left without a gap", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ADA, "before");
  rig.relay.down = true;
  rig.relay.cut();
  await rig.session.leave({ room: "tea" });
  assert.deepEqual(await gapsOf(rig), []);
});
