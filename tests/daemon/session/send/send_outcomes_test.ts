import assert from "node:assert/strict";
import { Failure } from "../../../../lib/errors.ts";
import { ADA, SessionRig } from "../../../fakes/session_rig.ts";

function statuses(rig: SessionRig): string[] {
  return rig.session.sent({ limit: 50 }).sent.map(({ text, status }) =>
    `${text} ${status}`
  );
}

Deno.test("send: an acknowledgement that comes late settles it, and nothing is repeated", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.outcome = () => "unanswered";
  const { id, status } = await rig.session.send({ room: "tea", text: "a" });
  assert.equal(status, "unknown");
  rig.relay.outcome = () => "accepted";
  rig.relay.lateAck(id, 1_001);
  rig.relay.lateAck("never sent", 1_002);
  assert.equal(rig.session.sent({ limit: 1 }).sent[0]?.seq, 1_001);
  await rig.clock.advance(60_000);
  assert.deepEqual(statuses(rig), ["a accepted"]);
  assert.equal(rig.relay.taken.length, 1);
  assert.equal(rig.session.status().dropped_frames, 1, "of one never sent");
});

Deno.test("send: a message that was never handed over is not settled by a relay's word", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.refuse = (operation) =>
    operation === "send tea"
      ? new Failure("RATE_LIMITED", { retryAfterMs: 60_000 })
      : undefined;
  rig.relay.cut();
  const { id } = await rig.session.send({ room: "tea", text: "kept" });
  await rig.clock.advance(1_000);
  rig.relay.lateAck(id, 1_001);
  assert.deepEqual(statuses(rig), ["kept queued"]);
  rig.relay.refuse = () => undefined;
  await rig.clock.advance(60_000);
  assert.deepEqual(rig.relay.taken.map(({ text }) => text), ["kept"]);
});

for (const features of [[], undefined] as const) {
  const relay = features === undefined ? "ours" : "a Go relay";
  Deno.test(`send: an unknown outcome is known once the room's past shows the message, on ${relay}`, async () => {
    using rig = await SessionRig.inTea(features ? { features } : {});
    rig.relay.outcome = (message) =>
      message.text === "a" ? "unanswered" : "accepted";
    await rig.session.send({ room: "tea", text: "a" });
    assert.deepEqual(statuses(rig), ["a unknown"]);
    rig.relay.cut();
    await rig.clock.advance(2_000);
    assert.deepEqual(statuses(rig), ["a accepted"]);
    assert.equal(rig.relay.taken.length, 1);
    assert.deepEqual(await rig.texts(), [], "it is no message to its author");
  });
}

Deno.test("send: own messages alone since the last one of others leave no gap on a Go relay", async () => {
  using rig = await SessionRig.inTea({ features: [] });
  rig.relay.say("tea", ADA, "before");
  await rig.clock.advance(200_000);
  await rig.session.send({ room: "tea", text: "mine" });
  // The relay's memory is short: what is older than ours is gone.
  rig.relay.rooms.get("tea")?.messages.splice(0, 2);
  rig.relay.cut();
  await rig.clock.advance(2_000);
  const never = new AbortController().signal;
  assert.deepEqual((await rig.session.messages({}, never)).gaps, []);
  await rig.restart();
  await rig.clock.advance(2_000);
  assert.deepEqual((await rig.session.messages({}, never)).gaps, []);
});

Deno.test("leave: what waits for the room is not sent, and told", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.down = true;
  rig.relay.cut();
  await rig.session.send({ room: "tea", text: "a" });
  await rig.session.send({ room: "tea", text: "b" });
  const left = await rig.session.leave({ room: "tea" });
  assert.deepEqual(left, { name: "tea", unsent: 2 });
  const { queued, failed_sends } = rig.session.status();
  assert.deepEqual([queued, failed_sends], [0, 2]);
  assert.match(
    rig.session.sent({ limit: 1 }).sent[0]?.reason ?? "",
    /room was left/,
  );
  rig.relay.down = false;
  await rig.clock.advance(31_000);
  await rig.session.join({ room: "tea" });
  await rig.clock.advance(1_000);
  assert.deepEqual(rig.relay.taken, []);
});

Deno.test("leave: a message of unknown outcome stays unknown, and is repeated no more", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.outcome = () => "unknown";
  await rig.session.send({ room: "tea", text: "a" });
  assert.deepEqual(await rig.session.leave({ room: "tea" }), { name: "tea" });
  rig.relay.outcome = () => "accepted";
  await rig.session.join({ room: "tea" });
  await rig.clock.advance(60_000);
  assert.deepEqual(rig.relay.taken, []);
  assert.deepEqual(statuses(rig), ["a unknown"]);
});
