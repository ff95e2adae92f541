import assert from "node:assert/strict";
import { Failure } from "../../../lib/errors.ts";
import { codeOf, watch } from "../../fakes/client_rig.ts";
import { ADA, SessionRig } from "../../fakes/session_rig.ts";

const never = new AbortController().signal;

async function gapsOf(rig: SessionRig) {
  return (await rig.session.messages({ limit: 500 }, never)).gaps;
}

/** A rig whose room has no history to be had, with a live message that waits. */
async function withWaiting(): Promise<SessionRig> {
  const rig = await SessionRig.withoutHistory();
  rig.relay.say("tea", ADA, "waits");
  return rig;
}

Deno.test("HeldMessages.takeRest: the gap of a room found ended while the disk is full is there once it is not", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ADA, "before");
  rig.relay.cut();
  rig.relay.say("tea", ADA, "lost with the room");
  rig.relay.rooms.delete("tea");
  rig.breakDisk(true);
  await rig.clock.advance(5_000);
  assert.match(rig.session.status().warnings.join(), /disk is full/);
  assert.deepEqual(await gapsOf(rig), []);
  rig.breakDisk(false);
  await rig.clock.advance(11_000);
  assert.deepEqual(await gapsOf(rig), [{ room: "tea", after: 1, before: 0 }]);
  rig.relay.makeRoom("tea", 9_000_000);
  await rig.clock.advance(61_000);
  rig.relay.say("tea", ADA, "new life");
  await rig.clock.advance(100);
  assert.deepEqual(await rig.texts(), ["before", "new life"]);
  assert.equal((await gapsOf(rig)).length, 1);
});

Deno.test("HeldMessages.takeRest: what waited in a room that ends while the disk is full is had once it is not", async () => {
  using rig = await withWaiting();
  rig.breakDisk(true);
  rig.relay.close("tea");
  await rig.clock.advance(1_000);
  assert.deepEqual(await rig.texts(), ["before"]);
  assert.equal(rig.session.status().warnings.length, 1);
  rig.breakDisk(false);
  await rig.clock.advance(11_000);
  assert.deepEqual(await rig.texts(), ["before", "waits"]);
  assert.deepEqual(rig.session.status().warnings, []);
  assert.equal((await gapsOf(rig)).length, 1);
});

Deno.test("HeldMessages.takeRest: a room that is there again while the disk is full is fetched as ever", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ADA, "before");
  rig.relay.cut();
  rig.relay.rooms.delete("tea");
  rig.breakDisk(true);
  await rig.clock.advance(1_000);
  rig.relay.makeRoom("tea", 9_000_000);
  await rig.session.join({ room: "tea" });
  rig.relay.say("tea", ADA, "new life");
  rig.breakDisk(false);
  await rig.clock.advance(30_000);
  assert.deepEqual(await rig.texts(), ["before", "new life"]);
  assert.equal(rig.session.status().rooms[0]?.state, "joined");
});

Deno.test("RoomRequests.leave: while what waits can't be written the room is not left, and all of it comes later", async () => {
  using rig = await withWaiting();
  rig.breakDisk(true);
  const left = watch(rig.session.leave({ room: "tea" }));
  await rig.clock.advance(100);
  assert.equal(codeOf(left), "FILE_TROUBLE");
  assert.ok(rig.relay.hasJoined("tea"), "the relay was not told");
  rig.breakDisk(false);
  rig.relay.refuse = () => undefined;
  await rig.clock.advance(30_000);
  assert.deepEqual(await rig.texts(), ["before", "waits"]);
  rig.relay.cut();
  await rig.clock.advance(5_000);
  assert.equal(rig.session.status().rooms[0]?.state, "joined");
  await rig.session.leave({ room: "tea" });
  assert.equal(rig.relay.hasJoined("tea"), false);
});

Deno.test("RoomRequests.leave: a room that could not be forgotten is joined again, and can be left later", async () => {
  using rig = await SessionRig.inTea();
  const sql = rig.openSql();
  sql.exec(`CREATE TRIGGER kept BEFORE DELETE ON rooms BEGIN
    SELECT RAISE(ABORT, 'disk I/O error'); END`);
  const left = watch(rig.session.leave({ room: "tea" }));
  await rig.clock.advance(100);
  assert.equal(codeOf(left), "FILE_TROUBLE");
  sql.exec("DROP TRIGGER kept");
  sql.close();
  await rig.clock.advance(5_000);
  assert.equal(rig.session.status().rooms[0]?.state, "joined");
  rig.relay.cut();
  await rig.clock.advance(5_000);
  assert.equal(rig.session.status().rooms[0]?.state, "joined");
  await rig.session.leave({ room: "tea" });
  assert.deepEqual(rig.session.status().rooms, []);
});

for (const features of [[], undefined] as const) {
  const relay = features === undefined ? "ours" : "a Go relay";
  Deno.test(`Rooms.settle: a room joined while the disk is full is remembered once it is not, on ${relay}`, async () => {
    using rig = await SessionRig.inTea(features ? { features } : {});
    rig.relay.makeRoom("lab");
    rig.breakDisk(true);
    await rig.session.join({ room: "lab" });
    await rig.clock.advance(100);
    assert.match(rig.session.status().warnings.join(), /disk is full/);
    rig.breakDisk(false);
    await rig.clock.advance(12_000);
    assert.deepEqual(rig.session.status().warnings, []);
    await rig.restart();
    const names = rig.session.status().rooms.map(({ name }) => name);
    assert.deepEqual(names.toSorted(), ["lab", "tea"]);
  });
}

Deno.test("RoomRunner: a disk that stays full is no reason to call live messages' past a gap", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.say("tea", ADA, "before");
  rig.relay.cut();
  rig.relay.say("tea", ADA, "away");
  rig.breakDisk(true);
  await rig.clock.advance(1_000);
  rig.relay.say("tea", ADA, "live");
  await rig.clock.advance(120_000);
  rig.breakDisk(false);
  await rig.clock.advance(12_000);
  assert.deepEqual(await rig.texts(), ["before", "away", "live"]);
  assert.deepEqual(await gapsOf(rig), []);
});

Deno.test("Rooms.settle: a room joined while the disk is full is remembered also where its history is given up", async () => {
  using rig = await SessionRig.inTea();
  rig.relay.makeRoom("lab");
  rig.breakDisk(true);
  rig.relay.refuse = (operation) =>
    operation === "history lab" ? new Failure("RELAY_SILENT") : undefined;
  await rig.session.join({ room: "lab" });
  await rig.clock.advance(2_000);
  rig.breakDisk(false);
  await rig.clock.advance(180_000);
  rig.relay.refuse = () => undefined;
  await rig.restart();
  const names = rig.session.status().rooms.map(({ name }) => name);
  assert.deepEqual(names.toSorted(), ["lab", "tea"]);
});

Deno.test("send: on a Go relay what is kept waits until the disk takes that it goes out: a kill would send it twice", async () => {
  using rig = await SessionRig.inTea({ features: [] });
  rig.relay.cut();
  await rig.session.send({ room: "tea", text: "once" });
  const sql = rig.openSql();
  sql.exec(`CREATE TRIGGER full_sends BEFORE UPDATE ON sends BEGIN
    SELECT RAISE(ABORT, 'database or disk is full'); END`);
  await rig.clock.advance(2_000);
  assert.deepEqual(rig.relay.taken, []);
  sql.exec("DROP TRIGGER full_sends");
  sql.close();
  await rig.clock.advance(10_000);
  await rig.restart();
  await rig.clock.advance(10_000);
  assert.deepEqual(rig.relay.taken.map(({ text }) => text), ["once"]);
});
