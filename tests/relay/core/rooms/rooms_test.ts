import assert from "node:assert/strict";
import { agent } from "../../../fakes/agents.ts";
import { type BedLine, CoreBed, type Frame } from "../../../fakes/core_bed.ts";
import { prove } from "../../../fakes/relay_agent.ts";
import { NO_LIMITS } from "../../../../relay/core/settings.ts";

function pair(bed: CoreBed): [BedLine, BedLine] {
  return [bed.login(bed.maker(agent(1))), bed.login(bed.maker(agent(2)))];
}

Deno.test("Membership: create needs its proof, with a fresh nonce; the room is open once it is stored", () => {
  const bed = new CoreBed();
  const [a, b] = pair(bed);
  bed.text(
    a.conn,
    a.maker.create("Room-1", { topic: "e\u0301", tags: [" X "] }),
  );
  const [challenge] = bed.take(a.conn);
  assert.equal(challenge?.difficulty, 2);
  const pow = prove(challenge as Frame);
  bed.isHeld = true;
  bed.text(
    a.conn,
    a.maker.create("room-1", { topic: "e\u0301", tags: [" X "], pow }),
  );
  assert.deepEqual(bed.take(a.conn), []);
  bed.isHeld = false;
  assert.deepEqual(bed.ask(b, b.maker.join("room-1")), ["ROOM_NOT_FOUND"]);
  assert.deepEqual(bed.create(b, "room-1"), ["ROOM_EXISTS"]);
  bed.release();
  const [joined] = bed.take(a.conn);
  assert.equal(joined?.topic, "\u00e9");
  assert.deepEqual(joined?.tags, ["x"]);
  assert.deepEqual(bed.ask(b, b.maker.join("ROOM-1")), ["room.joined"]);
  assert.deepEqual(bed.types(a.conn), ["room.member_joined"]);
});

Deno.test("Membership: a create's challenge is its connection's, used up by any try", () => {
  const bed = new CoreBed();
  const [a, b] = pair(bed);
  bed.text(a.conn, a.maker.create("r"));
  const pow = prove(bed.take(a.conn)[0] as Frame);
  assert.deepEqual(bed.ask(b, b.maker.create("r", { pow })), ["AUTH_FAILED"]);
  const wrong = { ...pow, proof: "nothing that fits" };
  bed.core.admit({ deny: new Set() });
  const hard = new CoreBed({ difficulty: { login: 1, create: 12, direct: 1 } });
  const c = hard.login(hard.maker(agent(1)));
  hard.text(c.conn, c.maker.create("r"));
  const right = prove(hard.take(c.conn)[0] as Frame);
  assert.deepEqual(
    hard.ask(c, c.maker.create("r", { pow: { ...right, proof: wrong.proof } })),
    ["AUTH_FAILED"],
  );
  assert.deepEqual(hard.ask(c, c.maker.create("r", { pow: right })), [
    "AUTH_FAILED",
  ]);
});

Deno.test("Membership: hostile topics and tags are refused before a challenge", () => {
  const bed = new CoreBed();
  const [a] = pair(bed);
  for (
    const more of [
      { topic: "a\u0007" },
      { topic: "x".repeat(513) },
      { tags: ["a\u200bb"] },
      { room: "no way" },
    ]
  ) {
    assert.deepEqual(bed.ask(a, a.maker.create("r", more)), [
      "INVALID_MESSAGE",
    ]);
  }
});

Deno.test("Membership: TOO_NEW by the agent's age, which survives a dropped line for the grace time", () => {
  const bed = new CoreBed({
    joinAgeMs: 60_000,
    createAgeMs: 300_000,
    roomGraceMs: 20_000,
  }).rooms("r");
  const maker = bed.maker(agent(1));
  let line = bed.login(maker);
  bed.pass(10_000);
  bed.text(line.conn, maker.join("r"));
  assert.equal(bed.take(line.conn)[0]?.retry_after_ms, 50_000);
  assert.deepEqual(bed.create(line, "new"), ["TOO_NEW"]);
  bed.drop(line.conn);
  bed.pass(20_000);
  line = bed.login(maker);
  bed.text(line.conn, maker.join("r"));
  assert.equal(bed.take(line.conn)[0]?.retry_after_ms, 30_000);
  bed.drop(line.conn);
  bed.pass(20_001);
  line = bed.login(maker);
  bed.text(line.conn, maker.join("r"));
  assert.equal(bed.take(line.conn)[0]?.retry_after_ms, 60_000);
});

Deno.test("Membership: coming back within the grace time needs no age and counts as no join", () => {
  const bed = new CoreBed({ joinAgeMs: 0 }).rooms("r");
  const maker = bed.maker(agent(1));
  let line = bed.login(maker);
  for (let i = 0; i < 9; i++) {
    assert.deepEqual(bed.ask(line, maker.join("r")), ["room.joined"]);
  }
  for (let i = 0; i < 12; i++) {
    bed.drop(line.conn);
    line = bed.login(maker);
    assert.deepEqual(bed.ask(line, maker.join("r")), ["room.joined"]);
  }
  assert.deepEqual(bed.ask(line, maker.join("r")), ["room.joined"]);
  assert.deepEqual(bed.ask(line, maker.join("r")), ["RATE_LIMITED"]);
});

Deno.test("Membership: leaving a room one isn't in announces nothing", () => {
  const bed = new CoreBed().rooms("r");
  const [a, b] = pair(bed);
  bed.ask(a, a.maker.join("r"));
  assert.deepEqual(bed.ask(b, b.maker.leave("r")), ["NOT_IN_ROOM"]);
  assert.deepEqual(bed.ask(b, b.maker.leave("nix")), ["ROOM_NOT_FOUND"]);
  assert.deepEqual(bed.types(a.conn), []);
});

Deno.test("Membership: a frame used again is refused", () => {
  const bed = new CoreBed().rooms("r");
  const [a] = pair(bed);
  for (
    const text of [
      a.maker.join("r"),
      a.maker.message("r", "x"),
      a.maker.frame({ type: "room.history", room: "r", limit: 3 }),
      a.maker.leave("r"),
    ]
  ) {
    bed.ask(a, text);
    assert.deepEqual(bed.ask(a, text), ["AUTH_FAILED"], text);
  }
});

Deno.test("RoomEnding: the last leave ends a room at once, and a later one of that name is another", () => {
  const bed = new CoreBed();
  const [a, b] = pair(bed);
  assert.deepEqual(bed.create(a, "r"), ["room.joined"]);
  bed.ask(b, b.maker.join("r"));
  assert.deepEqual(bed.ask(a, a.maker.leave("r")), []);
  assert.deepEqual(bed.types(b.conn), ["room.member_left"]);
  bed.ask(b, b.maker.leave("r"));
  assert.equal(bed.store.rooms.has("r"), false);
  assert.deepEqual(bed.ask(a, a.maker.message("r", "x")), ["ROOM_NOT_FOUND"]);
  assert.deepEqual(bed.create(b, "r"), ["room.joined"]);
});

Deno.test("RoomEnding: a dropped member's room is kept for the grace time, even empty", () => {
  const bed = new CoreBed({ roomGraceMs: 60_000 });
  const [a, b] = pair(bed);
  bed.create(a, "r");
  bed.drop(a.conn);
  bed.pass(60_000);
  assert.deepEqual(bed.ask(b, b.maker.join("r")), ["room.joined"]);
  bed.drop(b.conn);
  bed.pass(60_001);
  assert.equal(bed.core.hasRoom("r"), false);
  assert.equal(bed.store.rooms.has("r"), false);
});

Deno.test("RoomEnding: an idle room ends; members who asked for closed are told", () => {
  const bed = new CoreBed({ roomIdleMs: 60_000 }).rooms("r");
  const a = bed.login(bed.maker(agent(1)));
  const b = bed.login(bed.maker(agent(2)), { features: [] });
  for (const line of [a, b]) bed.ask(line, line.maker.join("r"));
  bed.take(a.conn);
  bed.pass(59_000);
  bed.ask(a, a.maker.message("r", "still here"));
  bed.take(b.conn);
  for (const line of [a, b]) bed.ask(line, '{"type":"ping"}');
  bed.pass(59_000);
  assert.equal(bed.core.hasRoom("r"), true);
  for (const line of [a, b]) bed.ask(line, '{"type":"ping"}');
  bed.pass(1_001);
  assert.deepEqual(bed.take(a.conn), [
    { type: "room.closed", room: "r", reason: "idle" },
  ]);
  assert.deepEqual(bed.types(b.conn), []);
  assert.deepEqual(bed.ask(b, b.maker.message("r", "x")), ["ROOM_NOT_FOUND"]);
});

Deno.test("RoomEnding: an ended room that the disk keeps is ended there later", () => {
  const bed = new CoreBed({ limits: NO_LIMITS });
  const [a] = pair(bed);
  bed.create(a, "r");
  bed.store.isBroken = true;
  bed.ask(a, a.maker.leave("r"));
  bed.store.isBroken = false;
  assert.equal(bed.store.rooms.has("r"), true);
  bed.pass(1_000);
  assert.equal(bed.store.rooms.has("r"), false);
});

Deno.test("Membership: a room that can't be stored is not made, and its name is free again", () => {
  const bed = new CoreBed();
  const [a] = pair(bed);
  bed.store.isBroken = true;
  assert.deepEqual(bed.create(a, "r"), ["RATE_LIMITED"]);
  bed.store.isBroken = false;
  assert.deepEqual(bed.create(a, "r"), ["room.joined"]);
});

Deno.test("Membership: 50 rooms an agent, 1,000 members a room, without a time that would cure it", () => {
  const limits = { ...NO_LIMITS, roomsPerAgent: 2, membersPerRoom: 2 };
  const bed = new CoreBed({ limits }).rooms("a", "b", "c");
  const [one, two] = pair(bed);
  const three = bed.login(bed.maker(agent(3)));
  bed.ask(one, one.maker.join("a"));
  bed.ask(two, two.maker.join("a"));
  bed.text(three.conn, three.maker.join("a"));
  const [full] = bed.take(three.conn);
  assert.equal(full?.code, "RATE_LIMITED");
  assert.equal(full?.retry_after_ms, undefined);
  bed.ask(one, one.maker.join("b"));
  assert.deepEqual(bed.ask(one, one.maker.join("c")), ["RATE_LIMITED"]);
  assert.deepEqual(bed.ask(one, one.maker.join("a")), ["room.joined"]);
});
