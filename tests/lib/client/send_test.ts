import assert from "node:assert/strict";
import { codeOf, connectedRig, watch } from "../../fakes/client_rig.ts";

const MESSAGE = { id: "m1", room: "lobby", text: "a < b && c > d" };

for (const kind of ["go", "ack"] as const) {
  Deno.test(`send: accepted on a relay of kind ${kind}`, async () => {
    const { connection, relay, clock } = await connectedRig(kind);
    const sent = await connection.send(MESSAGE);
    assert.ok(sent.status === "accepted");
    const { frame_text = "", ...outcome } = sent;
    assert.deepEqual(JSON.parse(frame_text), relay.of("message")[0]);
    assert.deepEqual(
      outcome,
      kind === "go"
        ? { status: "accepted" }
        : { status: "accepted", seq: 1, received_at: clock.wall() },
    );
    assert.equal(relay.of("ping").length, kind === "go" ? 1 : 0);
    connection.close();
  });

  Deno.test(`send: refused on a relay of kind ${kind}, with the room's name`, async () => {
    const { connection, relay } = await connectedRig(kind);
    relay.refuse("message", { code: "NOT_IN_ROOM" });
    const refused = connection.send(MESSAGE);
    await assert.rejects(refused, { code: "NOT_IN_ROOM", message: /'lobby'/ });
    connection.close();
  });

  Deno.test(`send: unknown after 5 s of silence on a relay of kind ${kind}`, async () => {
    const { connection, relay, clock } = await connectedRig(kind);
    relay.mute("message");
    relay.mute("ping");
    const seen = watch(connection.send(MESSAGE));
    await clock.advance(4_999);
    assert.deepEqual(seen, {});
    await clock.advance(1);
    assert.deepEqual(seen, { value: { status: "unknown" } });
    connection.close();
  });

  Deno.test(`send: unknown when the line ends after the frame went out, kind ${kind}`, async () => {
    const { connection, relay, heard, clock } = await connectedRig(kind);
    relay.overrides.set("message", (_, line) => line.end());
    assert.deepEqual(await connection.send(MESSAGE), { status: "unknown" });
    await clock.advance(0);
    assert.equal(heard.ends[0]?.kind, "lost");
  });

  Deno.test(`send: NOT_CONNECTED once the connection has ended, kind ${kind}`, async () => {
    const { connection, relay } = await connectedRig(kind);
    relay.line.end();
    await assert.rejects(connection.send(MESSAGE), { code: "NOT_CONNECTED" });
    assert.equal(relay.of("message").length, 0);
  });

  Deno.test(`send: those that wait behind one when the line ends are NOT_CONNECTED, kind ${kind}`, async () => {
    const { connection, relay, clock } = await connectedRig(kind);
    relay.mute("message");
    relay.mute("ping");
    const first = watch(connection.send(MESSAGE));
    const second = watch(connection.send({ ...MESSAGE, id: "m2" }));
    await clock.advance(1);
    relay.line.end();
    await clock.advance(0);
    assert.deepEqual(first, { value: { status: "unknown" } });
    assert.equal(codeOf(second), "NOT_CONNECTED");
    assert.equal(relay.of("message").length, 1);
    assert.equal(clock.pending, 0);
  });

  Deno.test(`send: pushes in between change nothing, kind ${kind}`, async () => {
    const { connection, relay, heard, clock } = await connectedRig(kind);
    const agent = { id: "a", name: "b" };
    const pushed = { type: "room.member_joined", room: "lobby", agent };
    relay.overrides.set("message", (_, line) => {
      line.deliver(pushed);
      return true;
    });
    const outcome = await connection.send(MESSAGE);
    await clock.advance(0);
    assert.equal(outcome.status, "accepted");
    assert.equal(heard.pushes.length, 1);
    connection.close();
  });
}

Deno.test("send: RATE_LIMITED says when to come back; without a time it is LIMIT_REACHED", async () => {
  const { connection, relay } = await connectedRig("go");
  relay.refuse("message", { code: "RATE_LIMITED", retry_after_ms: 1_500 });
  await assert.rejects(connection.send(MESSAGE), {
    code: "RATE_LIMITED",
    retryAfterMs: 1_500,
  });
  relay.refuse("message", { code: "RATE_LIMITED" });
  await assert.rejects(connection.send(MESSAGE), { code: "LIMIT_REACHED" });
  connection.close();
});

Deno.test("send: the error of a message given up is not taken for the next one's", async () => {
  const { connection, relay, clock } = await connectedRig("go");
  relay.mute("message");
  relay.mute("ping");
  const first = watch(connection.send(MESSAGE));
  await clock.advance(5_000);
  const second = watch(connection.send({ ...MESSAGE, id: "m2" }));
  await clock.advance(100);
  relay.line.deliver({ type: "error", code: "NOT_IN_ROOM", message: "m1" });
  relay.line.deliver({ type: "pong" });
  await clock.advance(100);
  assert.deepEqual(second, {});
  relay.line.deliver({ type: "pong" });
  await clock.advance(0);
  assert.deepEqual(first, { value: { status: "unknown" } });
  const { status } = second.value ?? {};
  assert.equal(status, "accepted");
  connection.close();
});

Deno.test("send: a heartbeat's pong is no receipt", async () => {
  const { connection, relay, clock } = await connectedRig("go");
  relay.mute("ping");
  void watch(connection.ping());
  const seen = watch(connection.send(MESSAGE));
  await clock.advance(1);
  relay.line.deliver({ type: "pong" });
  await clock.advance(1);
  assert.deepEqual(seen, {});
  relay.line.deliver({ type: "error", code: "NOT_IN_ROOM", message: "" });
  await clock.advance(1);
  assert.equal(codeOf(seen), "NOT_IN_ROOM");
  connection.close();
});

Deno.test("send: on an ack relay neither another message's ack nor its error counts", async () => {
  const { connection, relay, heard, clock } = await connectedRig("ack");
  relay.mute("message");
  const seen = watch(connection.send(MESSAGE));
  await clock.advance(1);
  relay.ack("other");
  relay.line.deliver({
    type: "error",
    code: "NOT_IN_ROOM",
    message: "",
    ref: "other",
  });
  relay.line.deliver({ type: "pong" });
  await clock.advance(1);
  assert.deepEqual(seen, {});
  assert.deepEqual(heard.dropped, ["unexpected error", "unexpected pong"]);
  const [late] = heard.pushes;
  assert.ok(late !== undefined && "frame" in late);
  assert.equal(late.frame.type, "message.ack", "the owner knows whose it is");
  relay.ack(MESSAGE.id);
  await clock.advance(1);
  assert.equal(seen.value?.status, "accepted");
  connection.close();
});

Deno.test("send: reply_to and kind go only to a relay that passes signed fields on", async () => {
  for (const kind of ["go", "ack"] as const) {
    const { connection, relay } = await connectedRig(kind);
    await connection.send({ ...MESSAGE, reply_to: "m0", kind: "question" });
    const [message] = relay.of("message");
    const told = [message?.reply_to, message?.kind];
    const carried = kind === "ack" ? ["m0", "question"] : [];
    assert.deepEqual(told.filter((one) => one !== undefined), carried);
    connection.close();
  }
});

Deno.test("send: a frame over 65,536 bytes is refused before it goes out", async () => {
  const { connection, relay } = await connectedRig("go");
  const text = "\u0001".repeat(11_000);
  const refused = connection.send({ ...MESSAGE, text });
  await assert.rejects(refused, { code: "TEXT_TOO_LONG" });
  assert.equal(relay.of("message").length, 0);
  connection.close();
});

Deno.test("send: a line that takes nothing more is NOT_CONNECTED, not unknown", async () => {
  const { connection, relay } = await connectedRig("go");
  relay.line.bufferedBytes = 2_000_000;
  await assert.rejects(connection.send(MESSAGE), { code: "NOT_CONNECTED" });
  connection.close();
});

Deno.test("send: nonces are 16 bytes, each another, and times whole milliseconds of the wall clock", async () => {
  const { connection, relay, clock } = await connectedRig("ack");
  clock.jumpWall(0.5);
  await connection.send(MESSAGE);
  await connection.send({ ...MESSAGE, id: "m2" });
  const [first, second] = relay.of("message");
  assert.equal(first?.timestamp, Math.trunc(clock.wall()));
  assert.notEqual(first?.nonce, second?.nonce);
  assert.ok((first?.nonce.length ?? 0) >= 16);
  connection.close();
});

Deno.test("send: past 256 that wait, QUEUE_FULL", async () => {
  const { connection, relay, clock } = await connectedRig("go");
  relay.mute("message");
  relay.mute("ping");
  const sends = Array.from(
    { length: 258 },
    (_, i) => watch(connection.send({ ...MESSAGE, id: `m${i}` })),
  );
  await clock.advance(0);
  assert.equal(codeOf(sends[257] ?? {}), "QUEUE_FULL");
  assert.deepEqual(sends[256], {});
  connection.close();
  await clock.advance(0);
  assert.equal(codeOf(sends[256] ?? {}), "NOT_CONNECTED");
});
