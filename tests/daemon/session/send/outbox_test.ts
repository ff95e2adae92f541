import assert from "node:assert/strict";
import { Failure } from "../../../../lib/errors.ts";
import { SessionRig } from "../../../fakes/session_rig.ts";

function statuses(rig: SessionRig): string[] {
  return rig.session.sent({ limit: 50 }).sent.map(({ text, status }) =>
    `${text} ${status}`
  );
}

function isFailure(code: string) {
  return (error: unknown) => error instanceof Failure && error.code === code;
}

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
  const [sent] = rig.session.sent({ limit: 1 }).sent;
  assert.deepEqual([sent?.status, sent?.reason], [
    "failed",
    "not sent within 60 s",
  ]);
  assert.equal(rig.session.status().failed_sends, 1);
  rig.relay.down = false;
  await rig.clock.advance(31_000);
  assert.deepEqual(rig.relay.taken, []);
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

Deno.test("send: what did not go onto a line that stays, clogged perhaps, goes out a moment later, and those behind it", async () => {
  using rig = await SessionRig.inTea();
  let isClogged = true;
  rig.relay.refuse = (operation) =>
    operation === "send tea" && isClogged
      ? new Failure("NOT_CONNECTED", { fields: { reason: "clogged" } })
      : undefined;
  for (const text of ["a", "b"]) {
    const { status } = await rig.session.send({ room: "tea", text });
    assert.equal(status, "queued");
  }
  await rig.clock.advance(6_000);
  assert.equal(rig.session.status().queued, 2);
  isClogged = false;
  await rig.clock.advance(6_000);
  assert.deepEqual(rig.relay.taken.map(({ text }) => text), ["a", "b"]);
});

Deno.test("send: what comes due while another is still on its way goes out behind that one", async () => {
  using rig = await SessionRig.inTea();
  const { relay, session, clock } = rig;
  relay.makeRoom("lab");
  await session.join({ room: "lab" });
  let clogged = ["send tea", "send lab"];
  relay.refuse = (operation) =>
    clogged.includes(operation) ? new Failure("NOT_CONNECTED") : undefined;
  await session.send({ room: "tea", text: "kept" });
  await session.send({ room: "lab", text: "slow" });
  const gate = Promise.withResolvers<void>();
  relay.slow = (operation) =>
    operation === "send lab" ? gate.promise : undefined;
  clogged = ["send tea"];
  await clock.advance(13_000);
  clogged = [];
  gate.resolve();
  await clock.advance(1_000);
  assert.deepEqual(relay.taken.map(({ text }) => text), ["slow", "kept"]);
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

Deno.test("send: what waits for a room goes out once the relay says that it has us in it, though later than was waited for", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.cut();
  await rig.session.send({ room: "tea", text: "kept" });
  rig.relay.refuse = (operation) =>
    operation === "join tea" ? new Failure("OUTCOME_UNKNOWN") : undefined;
  await rig.clock.advance(1_000);
  const { rooms: [before] } = rig.session.status();
  assert.deepEqual([before?.state, before?.joined], ["waiting", false]);
  rig.relay.lateJoined("tea");
  await rig.clock.advance(0);
  assert.deepEqual(rig.relay.taken.map(({ text }) => text), ["kept"]);
  assert.equal(rig.session.status().rooms[0]?.joined, true);
  rig.relay.lateJoined("tea");
  await rig.clock.advance(10_000);
  assert.equal(rig.relay.asked.filter((one) => one === "join tea").length, 2);
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
    const sent = rig.session.sent({ limit: 5 }).sent;
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
