import assert from "node:assert/strict";
import { Failure } from "../../../../lib/errors.ts";
import { codeOf, watch } from "../../../fakes/client_rig.ts";
import { ADA, SessionRig } from "../../../fakes/session_rig.ts";

function statuses(rig: SessionRig): string[] {
  return rig.session.sent(50).sent.map(({ text, status }) =>
    `${text} ${status}`
  );
}

function isFailure(code: string) {
  return (error: unknown) => error instanceof Failure && error.code === code;
}

Deno.test("send: accepted with id, bytes, hash and the relay's number", async () => {
  using rig = await SessionRig.inTea();
  const sent = await rig.session.send({ room: "Tea", text: "héllo" });
  assert.match(sent.id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]/);
  const { id: _, ...rest } = sent;
  assert.deepEqual(rest, {
    status: "accepted",
    room: "tea",
    bytes: 6,
    sha256: "3c48591d8d09",
    seq: 1_001,
  });
});

Deno.test("send: what the wire can't carry is refused before it is kept", async () => {
  using rig = await SessionRig.inTea();
  const table: [string, string][] = [
    ["", "TEXT_EMPTY"],
    [" \n", "TEXT_EMPTY"],
    ["a".repeat(32_769), "TEXT_TOO_LONG"],
    ["\u0001".repeat(20_000), "TEXT_TOO_LONG"],
    ["a\bb", "TEXT_INVALID"],
    ["a\fb", "TEXT_INVALID"],
    ["a\ud800b", "TEXT_INVALID"],
  ];
  for (const [text, code] of table) {
    await assert.rejects(
      rig.session.send({ room: "tea", text }),
      isFailure(code),
    );
  }
  const bad = { room: "tea", text: "x" };
  await assert.rejects(
    rig.session.send({ ...bad, id: "a b" }),
    isFailure("REQUEST_INVALID"),
  );
  await assert.rejects(
    rig.session.send({ ...bad, room: "no room" }),
    isFailure("ROOM_NAME_INVALID"),
  );
  assert.deepEqual(statuses(rig), []);
  await rig.session.send({ room: "tea", text: "a".repeat(32_768) });
});

Deno.test("send: to a room one is not in is NOT_IN_ROOM, connected or not", async () => {
  using rig = await SessionRig.inTea();
  const send = () => rig.session.send({ room: "lab", text: "x" });
  await assert.rejects(send(), isFailure("NOT_IN_ROOM"));
  rig.relay.cut();
  await assert.rejects(send(), isFailure("NOT_IN_ROOM"));
});

Deno.test("send: queued without a connection, over a restart, and sent in order when it is back", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.down = true;
  rig.relay.cut();
  for (const text of ["a", "b", "c"]) {
    const sent = await rig.session.send({ room: "tea", text });
    assert.equal(sent.status, "queued");
  }
  assert.equal(rig.session.status().queued, 3);
  await rig.restart();
  assert.equal(rig.session.status().queued, 3);
  rig.relay.down = false;
  await rig.clock.advance(31_000);
  assert.deepEqual(rig.relay.taken.map(({ text }) => text), ["a", "b", "c"]);
  assert.deepEqual(statuses(rig), ["c accepted", "b accepted", "a accepted"]);
  assert.equal(rig.session.status().queued, 0);
});

Deno.test("send: given up after its time, and shown", async () => {
  using rig = await SessionRig.inTea({ settings: { queueForMs: 60_000 } });
  rig.relay.down = true;
  rig.relay.cut();
  await rig.session.send({ room: "tea", text: "a" });
  await rig.clock.advance(61_000);
  const [sent] = rig.session.sent(1).sent;
  assert.deepEqual([sent?.status, sent?.reason], [
    "failed",
    "not sent within 60 s",
  ]);
  assert.equal(rig.session.status().failed_sends, 1);
  rig.relay.down = false;
  await rig.clock.advance(31_000);
  assert.deepEqual(rig.relay.taken, []);
});

Deno.test("send: the same id and text is the same message; another text is MESSAGE_ID_TAKEN", async () => {
  using rig = await SessionRig.inTea();
  const request = { room: "tea", text: "a", id: "one" };
  const first = await rig.session.send(request);
  assert.deepEqual(await rig.session.send(request), first);
  await rig.restart();
  assert.deepEqual(await rig.session.send(request), first);
  assert.equal(rig.relay.taken.length, 1);
  await assert.rejects(
    rig.session.send({ ...request, text: "b" }),
    isFailure("MESSAGE_ID_TAKEN"),
  );
});

Deno.test("send: queued twice with one id is one message", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.cut();
  const request = { room: "tea", text: "a", id: "one" };
  await rig.session.send(request);
  assert.equal((await rig.session.send(request)).status, "queued");
  await rig.clock.advance(1_000);
  assert.equal(rig.relay.taken.length, 1);
});

Deno.test("send: an unknown outcome is repeated under the same id on a relay with ack", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.outcome = () => "unknown";
  const sent = await rig.session.send({ room: "tea", text: "a" });
  assert.equal(sent.status, "unknown");
  rig.relay.outcome = () => "accepted";
  await rig.clock.advance(6_000);
  assert.deepEqual(rig.relay.taken.map(({ id }) => id), [sent.id]);
  assert.deepEqual(statuses(rig), ["a accepted"]);
});

Deno.test("send: an unknown outcome is repeated after the line was lost and the daemon started again", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.outcome = () => "lost";
  const sent = await rig.session.send({ room: "tea", text: "a" });
  assert.equal(sent.status, "unknown");
  rig.relay.outcome = () => "accepted";
  await rig.restart();
  await rig.clock.advance(1_000);
  assert.deepEqual(rig.relay.taken.map(({ id }) => id), [sent.id]);
});

Deno.test("send: an unknown outcome is never repeated on a Go relay", async () => {
  using rig = await SessionRig.inTea({ features: [] });
  rig.relay.outcome = () => "unknown";
  const request = { room: "tea", text: "a", id: "one" };
  assert.equal((await rig.session.send(request)).status, "unknown");
  rig.relay.outcome = () => "accepted";
  await rig.clock.advance(60_000);
  assert.equal((await rig.session.send(request)).status, "unknown");
  await rig.restart();
  await rig.clock.advance(60_000);
  assert.deepEqual(rig.relay.taken, []);
  assert.deepEqual(statuses(rig), ["a unknown"]);
  await rig.session.send({ room: "tea", text: "b" });
  assert.equal(rig.relay.taken.length, 1, "nothing waits behind it");
});

Deno.test("send: a refusal reaches the caller; what was kept waits a limit out", async () => {
  using rig = await SessionRig.inTea();
  const limited = new Failure("RATE_LIMITED", { retryAfterMs: 5_000 });
  rig.relay.refuse = (operation) =>
    operation.startsWith("send") ? limited : undefined;
  await assert.rejects(
    rig.session.send({ room: "tea", text: "now" }),
    (error) => error === limited,
  );
  rig.relay.cut();
  await rig.session.send({ room: "tea", text: "kept" });
  await rig.clock.advance(1_000);
  assert.equal(rig.session.status().queued, 1);
  rig.relay.refuse = () => undefined;
  await rig.clock.advance(6_000);
  assert.deepEqual(rig.relay.taken.map(({ text }) => text), ["kept"]);
  assert.equal(rig.session.status().failed_sends, 1);
});

Deno.test("send: the relay says that we are not in the room: told, and joined again", async () => {
  using rig = await SessionRig.inTea();
  let refusals = 1;
  rig.relay.refuse = (operation) =>
    operation === "send tea" && refusals-- > 0
      ? new Failure("NOT_IN_ROOM", { fields: { room: "tea" } })
      : undefined;
  await assert.rejects(
    rig.session.send({ room: "tea", text: "a" }),
    isFailure("NOT_IN_ROOM"),
  );
  await rig.clock.advance(100);
  assert.equal(rig.session.status().rooms[0]?.joined, true);
  assert.equal(
    rig.relay.asked.filter((operation) => operation === "join tea").length,
    2,
  );
});

Deno.test("send: a thousand wait, one more is QUEUE_FULL", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.down = true;
  rig.relay.cut();
  for (let i = 0; i < 1_000; i++) {
    await rig.session.send({ room: "tea", text: `${i}` });
  }
  await assert.rejects(
    rig.session.send({ room: "tea", text: "more" }),
    isFailure("QUEUE_FULL"),
  );
});

Deno.test("send: the brakes hold the sixth in a row and tell when; another voice or force frees it", async () => {
  using rig = await SessionRig.inTea({ settings: { brakes: true } });
  const send = (force = false) =>
    rig.session.send({ room: "tea", text: "thanks", force });
  for (let i = 0; i < 5; i++) await send();
  const held = watch(send());
  await rig.clock.advance(0);
  assert.equal(codeOf(held), "BRAKES");
  assert.equal((held.error as Failure).retryAfterMs, 300_000);
  assert.equal((await send(true)).status, "accepted");

  rig.relay.say("tea", ADA, "hello");
  assert.equal((await send()).status, "accepted");
});

Deno.test("send: an acknowledgement that comes late settles it, and nothing is repeated", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.outcome = () => "unanswered";
  const { id, status } = await rig.session.send({ room: "tea", text: "a" });
  assert.equal(status, "unknown");
  rig.relay.outcome = () => "accepted";
  rig.relay.lateAck(id, 1_001);
  rig.relay.lateAck("never sent", 1_002);
  assert.equal(rig.session.sent(1).sent[0]?.seq, 1_001);
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
  assert.match(rig.session.sent(1).sent[0]?.reason ?? "", /room was left/);
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

Deno.test("send: what was kept waits until the relay has us in the room again", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.cut();
  await rig.session.send({ room: "tea", text: "kept" });
  let refusals = 1;
  rig.relay.refuse = (operation) =>
    operation === "send tea" && refusals-- > 0
      ? new Failure("NOT_IN_ROOM", { fields: { room: "tea" } })
      : undefined;
  await rig.clock.advance(20_000);
  assert.deepEqual(rig.relay.taken.map(({ text }) => text), ["kept"]);
  assert.deepEqual(statuses(rig), ["kept accepted"]);
});

Deno.test("send: one that is settled while another is on its way is not sent again", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.makeRoom("lab");
  await rig.session.join({ room: "lab" });
  rig.relay.outcome = () => "unanswered";
  await rig.session.send({ room: "tea", text: "slow" });
  const { id } = await rig.session.send({ room: "lab", text: "x" });
  const gate = Promise.withResolvers<void>();
  rig.relay.slow = (operation) =>
    operation === "send tea" ? gate.promise : undefined;
  rig.relay.outcome = () => "accepted";
  await rig.clock.advance(5_500);
  rig.relay.lateAck(id, 1_000);
  gate.resolve();
  await rig.clock.advance(20_000);
  const sends = rig.relay.asked.filter((one) => one.startsWith("send "));
  assert.deepEqual(sends, ["send tea", "send lab", "send tea"]);
  assert.deepEqual(statuses(rig), ["x accepted", "slow accepted"]);
});

Deno.test("leave: a message that is just going out is counted with those that wait, and none goes out later", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.cut();
  for (const text of ["one", "two"]) {
    await rig.session.send({ room: "tea", text });
  }
  const gate = Promise.withResolvers<void>();
  rig.relay.slow = (operation) =>
    operation === "send tea" ? gate.promise : undefined;
  rig.relay.refuse = (operation) =>
    operation === "leave tea" ? (gate.resolve(), undefined) : undefined;
  await rig.clock.advance(1_000);
  const left = await rig.session.leave({ room: "tea" });
  await rig.clock.advance(100);
  assert.deepEqual(left, { name: "tea", unsent: 1 });
  rig.relay.slow = () => undefined;
  await rig.session.join({ room: "tea" });
  await rig.clock.advance(60_000);
  assert.deepEqual(rig.relay.taken.map(({ text }) => text), ["one"]);
  assert.deepEqual(statuses(rig), ["two failed", "one accepted"]);
});

Deno.test("send: one that is kept and asked for again is unknown on disk before it goes out", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.cut();
  await rig.session.send({ room: "tea", text: "a", id: "a" });
  const request = { room: "tea", text: "b", id: "b" };
  await rig.session.send(request);
  const seen: string[] = [];
  rig.relay.outcome = (message) => {
    const sent = rig.session.sent(5).sent;
    const { status } = sent.find(({ id }) => id === message.id)!;
    seen.push(`${message.id} ${status}`);
    if (message.id === "a") void rig.session.send(request);
    return "accepted";
  };
  await rig.clock.advance(2_000);
  assert.deepEqual(seen, ["a unknown", "b unknown"]);
});

Deno.test("send: one of unknown outcome that is sent again stays unknown until it is known, and never fails", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.outcome = () => "unanswered";
  const request = { room: "tea", text: "a", id: "one" };
  assert.equal((await rig.session.send(request)).status, "unknown");
  rig.relay.down = true;
  rig.relay.cut();
  await rig.clock.advance(601_000);
  assert.equal((await rig.session.send(request)).status, "unknown");
  await rig.clock.advance(601_000);
  assert.deepEqual(statuses(rig), ["a unknown"]);
  assert.equal(rig.session.status().failed_sends, 0);
});
