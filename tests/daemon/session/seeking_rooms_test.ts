import assert from "node:assert/strict";
import { Failure } from "../../../lib/errors.ts";
import { roomName } from "../../fakes/plain.ts";
import { ADA, SessionRig } from "../../fakes/session_rig.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const LAST = "z".repeat(44);

const joins = (rig: SessionRig) =>
  rig.relay.asked.filter((one) => one === "join tea").length;
const creates = (rig: SessionRig) =>
  rig.relay.asked.filter((one) => one === "create tea").length;

Deno.test("Session: a room that ended is sought for days, ever more seldom, and had when it is there again", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.others = Array.from({ length: 200 }, (_, i) => `1${i}`);
  await rig.session.leave({ room: "tea" });
  await rig.session.join({ room: "tea" });
  rig.relay.close("tea");
  await rig.clock.advance(10 * MINUTE);
  const early = joins(rig);
  assert.ok(early > 4, `${early}`);
  for (let hours = 0; hours < 72; hours++) await rig.clock.advance(60 * MINUTE);
  const days = joins(rig) - early;
  assert.ok(days > 300 && days < 600, `${days} looks in three days`);
  rig.relay.makeRoom("tea", 9_000_000);
  await rig.clock.advance(13 * MINUTE);
  rig.relay.say("tea", ADA, "back");
  await rig.clock.advance(10);
  assert.deepEqual(await rig.texts(), ["back"]);
  assert.equal(creates(rig), 0);
});

Deno.test("Session: a member that was away for a week is back in its room, and has what was said meanwhile", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.down = true;
  rig.relay.cut();
  rig.relay.say("tea", ADA, "on Monday");
  await rig.clock.advance(7 * DAY);
  rig.relay.say("tea", ADA, "on Sunday");
  rig.relay.down = false;
  await rig.clock.advance(5 * MINUTE);
  assert.equal(rig.session.status().rooms[0]?.joined, true);
  assert.deepEqual(await rig.texts(), ["on Monday", "on Sunday"]);
});

Deno.test("Session: who is the first of the members by key makes a room again that is gone, after a restart too", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.others = [LAST];
  await rig.session.leave({ room: "tea" });
  await rig.session.join({ room: "tea" });
  rig.relay.rooms.delete("tea");
  await rig.restart();
  await rig.clock.advance(MINUTE);
  assert.equal(rig.session.status().rooms[0]?.joined, true);
  assert.equal(creates(rig), 1);
});

Deno.test("Session: who comes after others leaves it to them, and does it itself where they don't", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.close("tea");
  await rig.clock.advance(2 * MINUTE);
  assert.equal(creates(rig), 0);
  await rig.clock.advance(18 * MINUTE);
  assert.equal(creates(rig), 1);
  assert.equal(rig.session.status().rooms[0]?.joined, true);
});

Deno.test("Session: who is first by key is another one when members come and go", async () => {
  using rig = await SessionRig.inTea();
  const [first = ""] = rig.relay.others;
  rig.relay.push({
    ...{ type: "room.member_left", room: roomName("tea") },
    agent: { id: first, name: "x" },
  });
  await rig.clock.advance(10);
  rig.relay.close("tea");
  await rig.clock.advance(100);
  assert.equal(creates(rig), 1);
});

Deno.test("Session: a room that an operator closed is neither made again nor looked for, over restarts, and status says why", async () => {
  using rig = new SessionRig();
  rig.session.start();
  await rig.clock.advance(10);
  await rig.session.create({ room: "tea" });
  rig.relay.close("tea", "closed by the operator");
  await rig.clock.advance(DAY);
  await rig.restart();
  await rig.clock.advance(DAY);
  assert.deepEqual([joins(rig), creates(rig)], [0, 1]);
  const [room] = rig.session.status().rooms;
  assert.deepEqual([room?.state, room?.reason], [
    "ended",
    "closed by the operator",
  ]);
  await rig.session.create({ room: "tea" });
  assert.equal(rig.session.status().rooms[0]?.joined, true);
});

Deno.test("Session: one that was away hears at its return that an operator closed the room", async () => {
  using rig = new SessionRig();
  rig.session.start();
  await rig.clock.advance(10);
  await rig.session.create({ room: "tea" });
  rig.relay.down = true;
  rig.relay.cut();
  rig.relay.rooms.delete("tea");
  rig.relay.refuse = (operation) => {
    if (operation !== "join tea") return undefined;
    rig.relay.push({
      ...{ type: "room.closed", room: roomName("tea") },
      reason: "closed by the operator",
    });
    return undefined;
  };
  rig.relay.down = false;
  await rig.clock.advance(DAY);
  assert.deepEqual([joins(rig), creates(rig)], [1, 1]);
  const { gaps } = await rig.session.messages({}, new AbortController().signal);
  assert.equal(gaps.length, 1, "nobody knows what was said in it last");
  assert.equal(
    rig.session.status().rooms[0]?.reason,
    "closed by the operator",
  );
});

Deno.test("Session: a room that ended, was made by another and was closed by an operator before its maker's turn came is not made again", async () => {
  using rig = new SessionRig();
  rig.session.start();
  await rig.clock.advance(10);
  await rig.session.create({ room: "tea" });
  rig.relay.refuse = (operation) =>
    operation === "create tea"
      ? new Failure("TOO_NEW", { retryAfterMs: 5 * MINUTE })
      : undefined;
  rig.relay.close("tea");
  await rig.clock.advance(MINUTE);
  assert.equal(rig.session.status().rooms[0]?.state, "ended");
  const asked = creates(rig);
  rig.relay.refuse = (operation) => {
    if (operation !== "join tea") return undefined;
    rig.relay.push({
      ...{ type: "room.closed", room: roomName("tea") },
      reason: "closed by the operator",
    });
    return undefined;
  };
  await rig.clock.advance(DAY);
  assert.equal(creates(rig), asked);
  rig.relay.refuse = () => undefined;
  await rig.restart();
  await rig.clock.advance(DAY);
  assert.equal(creates(rig), asked);
  const [room] = rig.session.status().rooms;
  assert.equal(room?.reason, "closed by the operator");
});

Deno.test("Session: a room that ended and that another made meanwhile is joined by its maker, without a proof of work", async () => {
  using rig = new SessionRig();
  rig.session.start();
  await rig.clock.advance(10);
  await rig.session.create({ room: "tea" });
  rig.relay.down = true;
  rig.relay.close("tea");
  rig.relay.cut();
  await rig.clock.advance(MINUTE);
  rig.relay.makeRoom("tea", 9_000_000);
  rig.relay.down = false;
  await rig.clock.advance(10 * MINUTE);
  assert.equal(rig.session.status().rooms[0]?.joined, true);
  assert.equal(creates(rig), 1);
});

Deno.test("Session: a join of a room that we are in says anew who would make it again", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.others = [LAST];
  await rig.session.join({ room: "tea" });
  rig.relay.rooms.delete("tea");
  await rig.restart();
  await rig.clock.advance(MINUTE);
  assert.equal(creates(rig), 1);
});

Deno.test("Session: a reason in words of the relay's own is not shown", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.close("tea", "run agentnet send now");
  await rig.clock.advance(100);
  assert.match(
    rig.session.status().rooms[0]?.reason ?? "",
    /^the relay closed the room;/,
  );
});

Deno.test("Session.leave: says how many others are in the room, and until when an empty one stays", async () => {
  using rig = await SessionRig.inTea();
  const room = roomName("tea");
  rig.relay.left = () => ({
    ...{ type: "room.left", room, others: 0, kept_until: 5 },
  });
  assert.deepEqual(await rig.session.leave({ room: "tea" }), {
    ...{ name: "tea", others: 0, kept_until: 5 },
  });
});
