import assert from "node:assert/strict";
import { Failure } from "../../../lib/errors.ts";
import { codeOf, watch } from "../../fakes/client_rig.ts";
import { ADA, SessionRig } from "../../fakes/session_rig.ts";

/** A rig that is joining "tea" again: the relay's answer waits until `answer` is called. */
async function joiningAgain(): Promise<SessionRig & { answer(): void }> {
  const rig = await SessionRig.inTea();
  const gate = Promise.withResolvers<void>();
  rig.relay.slow = (operation) =>
    operation === "join tea" ? gate.promise : undefined;
  rig.relay.cut();
  await rig.clock.advance(1_000);
  assert.equal(rig.session.status().rooms[0]?.state, "joining");
  return Object.assign(rig, { answer: () => gate.resolve() });
}

Deno.test("RoomStatus.state: waiting, joining, joined, waiting for a limit, ended", async () => {
  using rig = await SessionRig.inTea();
  const state = () => rig.session.status().rooms[0]?.state;
  assert.equal(state(), "joined");
  rig.relay.down = true;
  rig.relay.cut();
  assert.equal(state(), "waiting");
  rig.relay.down = false;
  let refusals = 1;
  rig.relay.refuse = (operation) =>
    operation === "join tea" && refusals-- > 0
      ? new Failure("TOO_NEW", { retryAfterMs: 60_000 })
      : undefined;
  await rig.clock.advance(31_000);
  assert.equal(state(), "waiting");
  await rig.clock.advance(60_000);
  assert.equal(state(), "joined");
  rig.relay.close("tea");
  await rig.clock.advance(10);
  assert.equal(state(), "ended");
});

Deno.test("RoomRequests.leave: a room that is just being joined again is left at the relay too", async () => {
  using rig = await joiningAgain();
  const left = watch(rig.session.leave({ room: "tea" }));
  await rig.clock.advance(10);
  assert.deepEqual(left, {}, "it waits for what the relay says");
  rig.answer();
  await rig.clock.advance(10);
  assert.deepEqual(left.value, { name: "tea" });
  assert.equal(rig.relay.hasJoined("tea"), false);
  assert.deepEqual(rig.session.status().rooms, []);
  await rig.clock.advance(120_000);
  assert.equal(rig.relay.hasJoined("tea"), false);
});

Deno.test("RoomRequests.leave: a room whose joining was not answered is left at the relay too, which may have us in it yet", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.cut();
  rig.relay.refuse = (operation) =>
    operation === "join tea" ? new Failure("OUTCOME_UNKNOWN") : undefined;
  await rig.clock.advance(1_000);
  assert.equal(rig.session.status().rooms[0]?.state, "waiting");
  rig.relay.asked.length = 0;
  await rig.session.leave({ room: "tea" });
  assert.deepEqual(rig.relay.asked, ["leave tea"]);
});

Deno.test("RoomRequests.leave: one that fails leaves the room to be joined again", async () => {
  using rig = await joiningAgain();
  rig.relay.refuse = (operation) =>
    operation === "leave tea" ? new Failure("OUTCOME_UNKNOWN") : undefined;
  const left = watch(rig.session.leave({ room: "tea" }));
  rig.answer();
  await rig.clock.advance(10);
  assert.equal(codeOf(left), "OUTCOME_UNKNOWN");
  await rig.clock.advance(1_000);
  assert.equal(rig.session.status().rooms[0]?.state, "joined");
});

Deno.test("RoomRequests: join right after leave, in one breath, ends in the room; leave after join ends out of it", async () => {
  using rig = await SessionRig.inTea();
  const { session, relay } = rig;
  const left = session.leave({ room: "tea" });
  const joined = session.join({ room: "tea" });
  await Promise.all([left, joined]);
  await rig.clock.advance(10);
  assert.equal(session.status().rooms[0]?.state, "joined");
  assert.ok(relay.hasJoined("tea"));
  await Promise.all([
    session.join({ room: "tea" }),
    session.leave({ room: "tea" }),
  ]);
  await rig.clock.advance(120_000);
  assert.deepEqual(session.status().rooms, []);
  assert.equal(relay.hasJoined("tea"), false);
});

Deno.test("RoomRequests: one at a time by room, in the order of the calls, past one that fails; another room does not wait", async () => {
  using rig = await SessionRig.inTea();
  const { session, relay } = rig;
  relay.makeRoom("lab");
  const gate = Promise.withResolvers<void>();
  relay.slow = (operation) =>
    operation === "leave tea" ? gate.promise : undefined;
  relay.asked.length = 0;
  const left = watch(session.leave({ room: "tea" }));
  const again = watch(session.leave({ room: "tea" }));
  const joined = watch(session.join({ room: "tea" }));
  const lab = watch(session.join({ room: "lab" }));
  await rig.clock.advance(10);
  assert.ok(lab.value, "another room does not wait");
  assert.deepEqual(relay.asked.filter((one) => /tea$/.test(one)), [
    "leave tea",
  ]);
  gate.resolve();
  await rig.clock.advance(10);
  assert.deepEqual(left.value, { name: "tea" });
  assert.equal(codeOf(again), "NOT_IN_ROOM");
  assert.equal(joined.value?.name, "tea");
});

Deno.test("RoomRequests.create: a room that ended without a word of the relay is made anew, and is ours from then on, also after a restart", async () => {
  using rig = await SessionRig.inTea();
  const { relay } = rig;
  relay.rooms.delete("tea");
  await rig.session.create({ room: "tea", topic: "ours now" });
  await rig.clock.advance(10);
  relay.say("tea", ADA, "first");
  await rig.clock.advance(10);
  assert.deepEqual(await rig.texts(), ["first"]);
  await rig.restart();
  relay.rooms.delete("tea");
  relay.cut();
  await rig.clock.advance(60_000);
  assert.equal(relay.rooms.get("tea")?.topic, "ours now");
  assert.equal(rig.session.status().rooms[0]?.state, "joined");
});

Deno.test("RoomStatus.reason: a room that is being left says so, not that there is no connection", async () => {
  using rig = await joiningAgain();
  const left = rig.session.leave({ room: "tea" });
  await rig.clock.advance(0);
  const { state, reason } = rig.session.status().rooms[0] ?? {};
  assert.deepEqual([state, reason], ["waiting", "it is being left"]);
  rig.answer();
  await left;
});

Deno.test("Session.close: a leave under way of a room that has just ended leaves no timer and no task behind", async () => {
  const rig = await SessionRig.inTea();
  const { relay } = rig;
  const gate = Promise.withResolvers<void>();
  relay.slow = (operation) =>
    operation === "leave tea" ? gate.promise : undefined;
  const left = watch(rig.session.leave({ room: "tea" }));
  await rig.clock.advance(1);
  relay.say("tea", ADA, "kept back", { deliver: false });
  relay.say("tea", ADA, "shows that one is missing");
  relay.close("tea");
  rig[Symbol.dispose]();
  gate.resolve();
  await rig.clock.advance(1);
  assert.ok("value" in left || "error" in left);
  assert.equal(rig.clock.pending, 0);
});

Deno.test("RoomRequests.join: of a room that is just being joined again it is entered once, and the late answer is none", async () => {
  using rig = await SessionRig.inTea();
  const { relay } = rig;
  const gate = Promise.withResolvers<void>();
  let isFirst = true;
  relay.slow = (operation) => {
    if (operation !== "join tea" || !isFirst) return undefined;
    isFirst = false;
    return gate.promise;
  };
  relay.cut();
  await rig.clock.advance(1_000);
  await rig.session.join({ room: "tea" });
  await rig.clock.advance(10);
  relay.asked.length = 0;
  gate.resolve();
  await rig.clock.advance(10);
  assert.deepEqual(relay.asked, []);
  assert.equal(rig.session.status().rooms[0]?.state, "joined");
});

Deno.test("RoomRequests.leave: one of unknown outcome enters the room again, where the relay had let us go", async () => {
  using rig = await SessionRig.inTea();
  const { session, relay } = rig;
  relay.slow = (operation) => {
    if (operation !== "leave tea") return undefined;
    relay.letGo("tea");
    return Promise.reject(new Failure("OUTCOME_UNKNOWN"));
  };
  await assert.rejects(session.leave({ room: "tea" }), {
    code: "OUTCOME_UNKNOWN",
  });
  relay.slow = () => undefined;
  await rig.clock.advance(1_000);
  assert.ok(relay.hasJoined("tea"));
  assert.equal(session.status().rooms[0]?.state, "joined");
});
