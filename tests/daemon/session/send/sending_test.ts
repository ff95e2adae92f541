import assert from "node:assert/strict";
import { Failure } from "../../../../lib/errors.ts";
import { codeOf, watch } from "../../../fakes/client_rig.ts";
import { shortIdOf } from "../../../../daemon/mailbox/short_ids.ts";
import { ADA, ME, SessionRig } from "../../../fakes/session_rig.ts";

function statuses(rig: SessionRig): string[] {
  return rig.session.sent({ limit: 50 }).sent.map(({ text, status }) =>
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
  const { id, ...rest } = sent;
  assert.deepEqual(rest, {
    short_id: shortIdOf({ from: ME.id, id }).slice(0, 6),
    status: "accepted",
    room: "tea",
    bytes: 6,
    sha256: "3c48591d8d09",
    ...{ seq: 1_001, others: 1 },
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
  for (const id of ["a b", "--force", "-", "$(id)"]) {
    for (const named of [{ id }, { reply_to: id }]) {
      await assert.rejects(
        rig.session.send({ ...bad, ...named }),
        isFailure("REQUEST_INVALID"),
      );
    }
  }
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

Deno.test("send: the same id and text is the same message; another text is MESSAGE_ID_TAKEN", async () => {
  using rig = await SessionRig.inTea();
  const request = { room: "tea", text: "a", id: "one" };
  const { others: _, ...first } = await rig.session.send(request);
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
