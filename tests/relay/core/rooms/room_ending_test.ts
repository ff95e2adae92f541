import assert from "node:assert/strict";
import { agent } from "../../../fakes/agents.ts";
import { type BedLine, CoreBed, type Frame } from "../../../fakes/core_bed.ts";
import { prove } from "../../../fakes/relay_agent.ts";
import {
  DAY,
  HOUR,
  live,
  login,
  MINUTE,
  RestartingRelay,
  ROOM_DEFAULTS,
} from "../../../fakes/restarting_relay.ts";

function texts(bed: CoreBed, line: BedLine, room: string): string[] {
  bed.text(
    line.conn,
    line.maker.frame({ type: "room.history", room, limit: 9 }),
  );
  const [page] = bed.take(line.conn);
  const messages = page?.messages as { content: { text: string } }[];
  return messages.map(({ content }) => content.text);
}

Deno.test("RoomEnding: what ann says is there for ben, who comes when both were away longer than the grace time and the relay was restarted", () => {
  using relay = new RestartingRelay();
  const ann = login(relay.bed, 1);
  const ben = login(relay.bed, 2);
  relay.bed.create(ann, "tea");
  relay.bed.ask(ben, ben.maker.join("tea"));
  relay.bed.drop(ben.conn);
  relay.bed.ask(ann, ann.maker.message("tea", "for ben"));
  relay.bed.drop(ann.conn);
  live(relay.bed, 2 * HOUR);
  const bed = relay.restart(10 * MINUTE);
  live(bed, HOUR);
  const back = login(bed, 2);
  assert.deepEqual(bed.ask(back, back.maker.join("tea")), ["room.joined"]);
  assert.deepEqual(texts(bed, back, "tea"), ["for ben"]);
});

Deno.test("RoomEnding: two who sit silent for two hours still sit in their room", () => {
  using relay = new RestartingRelay();
  const { bed } = relay;
  const lines = [login(bed, 1), login(bed, 2)] as const;
  bed.create(lines[0], "tea");
  bed.ask(lines[1], lines[1].maker.join("tea"));
  bed.ask(lines[0], lines[0].maker.message("tea", "decided"));
  live(bed, 2 * HOUR, lines);
  bed.take(lines[1].conn);
  assert.deepEqual(bed.ask(lines[0], lines[0].maker.message("tea", "on")), [
    "message.ack",
  ]);
  bed.take(lines[1].conn);
  assert.deepEqual(texts(bed, lines[1], "tea"), ["decided", "on"]);
});

Deno.test("RoomEnding: an empty room is there until its time is over, and then gone from the disk too", () => {
  using relay = new RestartingRelay();
  const { bed } = relay;
  const ann = login(bed, 1);
  bed.create(ann, "tea");
  bed.ask(ann, ann.maker.leave("tea"));
  bed.pass(7 * DAY);
  assert.equal(bed.core.hasRoom("tea"), true);
  bed.pass(1);
  assert.equal(bed.core.hasRoom("tea"), false);
  assert.deepEqual(relay.ready().rooms, []);
});

Deno.test("RoomEnding: how long a room has been empty is remembered over restarts", () => {
  using relay = new RestartingRelay();
  const ann = login(relay.bed, 1);
  relay.bed.create(ann, "tea");
  relay.bed.create(ann, "talk");
  relay.bed.ask(ann, ann.maker.leave("tea"));
  for (let day = 0; day < 6; day++) {
    relay.bed.pass(23 * HOUR);
    relay.restart(HOUR);
  }
  live(relay.bed, HOUR);
  const back = login(relay.bed, 2);
  assert.deepEqual(relay.bed.ask(back, back.maker.join("talk")), [
    "room.joined",
  ]);
  live(relay.bed, 22 * HOUR, [back]);
  assert.equal(relay.bed.core.hasRoom("tea"), true);
  live(relay.bed, HOUR + MINUTE, [back]);
  assert.equal(relay.bed.core.hasRoom("tea"), false);
  assert.equal(relay.bed.core.hasRoom("talk"), true);
});

Deno.test("RoomEnding: with --room-empty 0 the last leave ends a room, and who asks is told so", () => {
  using relay = new RestartingRelay({ roomEmptyMs: 0, roomIdleMs: HOUR });
  const { bed } = relay;
  const [ann, ben] = [login(bed, 1), login(bed, 2)];
  bed.create(ann, "tea");
  bed.ask(ben, ben.maker.join("tea"));
  bed.take(ann.conn);
  bed.text(ann.conn, ann.maker.leave("tea"));
  assert.deepEqual(bed.take(ann.conn), [
    { type: "room.left", room: "tea", others: 1 },
  ]);
  bed.take(ben.conn);
  bed.text(ben.conn, ben.maker.leave("tea"));
  assert.deepEqual(bed.take(ben.conn), [
    { type: "room.left", room: "tea", others: 0 },
  ]);
  assert.equal(bed.core.hasRoom("tea"), false);
});

Deno.test("Membership.leave: the last one is told until when the room stays; who did not ask for left is told nothing", () => {
  using relay = new RestartingRelay();
  const { bed } = relay;
  const ann = login(bed, 1);
  const old = bed.login(bed.maker(agent(2)));
  bed.create(ann, "tea");
  bed.ask(old, old.maker.join("tea"));
  assert.deepEqual(bed.ask(old, old.maker.leave("tea")), []);
  bed.take(ann.conn);
  bed.text(ann.conn, ann.maker.leave("tea"));
  const kept_until = bed.now.wall + 7 * DAY;
  assert.deepEqual(bed.take(ann.conn), [
    { type: "room.left", room: "tea", others: 0, kept_until },
  ]);
  assert.deepEqual(bed.ask(old, old.maker.join("tea")), ["room.joined"]);
});

Deno.test("Membership.leave: a room that a dropped member may come back to stays for the grace time more", () => {
  using relay = new RestartingRelay({ roomGraceMs: 10 * MINUTE });
  const { bed } = relay;
  const [ann, ben] = [login(bed, 1), login(bed, 2)];
  bed.create(ann, "tea");
  bed.ask(ben, ben.maker.join("tea"));
  bed.drop(ben.conn);
  bed.take(ann.conn);
  bed.text(ann.conn, ann.maker.leave("tea"));
  const kept_until = bed.now.wall + 7 * DAY + 10 * MINUTE;
  assert.deepEqual(bed.take(ann.conn).at(-1), {
    ...{ type: "room.left", room: "tea", others: 0, kept_until },
  });
});

Deno.test("Messages: an acknowledgement says how many others were there", () => {
  const bed = new CoreBed(ROOM_DEFAULTS);
  const [ann, ben] = [login(bed, 1), login(bed, 2)];
  bed.create(ann, "tea");
  const others = () => {
    bed.take(ann.conn);
    bed.text(ann.conn, ann.maker.message("tea", "x"));
    return bed.take(ann.conn)[0]?.others;
  };
  assert.equal(others(), 0);
  bed.ask(ben, ben.maker.join("tea"));
  assert.equal(others(), 1);
  bed.drop(ben.conn);
  assert.equal(others(), 0);
});

Deno.test("Membership.leave: the last one is told of no longer time than the room's silence leaves it", () => {
  const bed = new CoreBed({ ...ROOM_DEFAULTS, roomIdleMs: HOUR });
  const ann = login(bed, 1);
  bed.create(ann, "tea");
  bed.pass(MINUTE);
  bed.ask(ann, ann.maker.message("tea", "x"));
  live(bed, 20 * MINUTE, [ann]);
  bed.text(ann.conn, ann.maker.leave("tea"));
  const kept_until = bed.now.wall + 40 * MINUTE;
  assert.equal(bed.take(ann.conn).at(-1)?.kept_until, kept_until);
  bed.pass(40 * MINUTE);
  assert.equal(bed.core.hasRoom("tea"), true);
  bed.pass(1);
  assert.equal(bed.core.hasRoom("tea"), false);
});

Deno.test("RoomEnding: a restart ends no room whose members are on their way back", () => {
  for (const isBelieved of [true, false]) {
    using relay = new RestartingRelay();
    const ann = login(relay.bed, 1);
    relay.bed.create(ann, "tea");
    live(relay.bed, 29 * DAY, [ann]);
    const ben = login(relay.bed, 2);
    relay.bed.ask(ben, ben.maker.join("tea"));
    live(relay.bed, 2 * DAY, [ann, ben]);
    if (isBelieved) relay.bed.create(login(relay.bed, 3), "talk");
    const bed = relay.restart(1_000);
    bed.pass(1_000);
    const back = login(bed, 2);
    assert.deepEqual(bed.ask(back, back.maker.join("tea")), ["room.joined"]);
    live(bed, 2 * HOUR, [back]);
    assert.equal(bed.core.hasRoom("tea"), true, `${isBelieved}`);
  }
});

Deno.test("RoomEnding: whether a room is empty is noted again where the disk refused", () => {
  using relay = new RestartingRelay();
  const { bed } = relay;
  const ann = login(bed, 1);
  for (const name of ["came", "went"]) bed.create(ann, name);
  bed.ask(ann, ann.maker.leave("came"));
  bed.store.isBroken = true;
  bed.ask(ann, ann.maker.join("came"));
  bed.ask(ann, ann.maker.leave("went"));
  bed.pass(1_000);
  bed.store.isBroken = false;
  bed.pass(1_000);
  const empty = relay.ready().rooms.map(({ name, empty_since }) =>
    empty_since === undefined ? [] : [name]
  );
  assert.deepEqual(empty.flat(), ["went"]);
});

/** Ann's room has ended, which the disk takes no note of; that she makes it again it has not answered yet. */
function makesAnEndedRoomAgain(bed: CoreBed): BedLine {
  const ann = login(bed, 1);
  bed.create(ann, "tea");
  bed.store.isBroken = true;
  bed.ask(ann, ann.maker.leave("tea"));
  bed.text(ann.conn, ann.maker.create("tea"));
  const [challenge] = bed.take(ann.conn).slice(-1);
  bed.isHeld = true;
  bed.text(
    ann.conn,
    ann.maker.create("tea", { pow: prove(challenge as Frame) }),
  );
  bed.pass(1_000);
  bed.isHeld = false;
  return ann;
}

Deno.test("RoomEnding: an ended room that the disk would not forget is forgotten, also where making it again failed meanwhile", () => {
  using relay = new RestartingRelay({ roomEmptyMs: 0 });
  const { bed } = relay;
  const ann = makesAnEndedRoomAgain(bed);
  bed.release();
  assert.deepEqual(bed.types(ann.conn), ["RATE_LIMITED"]);
  bed.store.isBroken = false;
  bed.pass(1_000);
  assert.deepEqual(relay.ready().rooms, []);
});

Deno.test("RoomEnding: a room that is made again while the disk would not forget the one before is not ended for that", () => {
  using relay = new RestartingRelay({ roomEmptyMs: 0 });
  const { bed } = relay;
  const ann = makesAnEndedRoomAgain(bed);
  bed.store.isBroken = false;
  bed.release();
  assert.deepEqual(bed.types(ann.conn), ["room.joined"]);
  bed.pass(1_000);
  assert.deepEqual(relay.ready().rooms.map(({ name }) => name), ["tea"]);
});

Deno.test("RoomEnding: a room that was empty for a while is as any other once somebody is in it, and has its whole time again", () => {
  const bed = new CoreBed(ROOM_DEFAULTS);
  const ann = login(bed, 1);
  bed.create(ann, "tea");
  bed.ask(ann, ann.maker.leave("tea"));
  bed.pass(6 * DAY);
  const back = login(bed, 1);
  bed.ask(back, back.maker.join("tea"));
  live(bed, 6 * DAY, [back]);
  bed.ask(back, back.maker.leave("tea"));
  bed.pass(6 * DAY);
  assert.equal(bed.core.hasRoom("tea"), true);
  bed.pass(DAY + 1);
  assert.equal(bed.core.hasRoom("tea"), false);
});

Deno.test("Messages: an acknowledgement from a room that ended meanwhile counts nobody", () => {
  const bed = new CoreBed(ROOM_DEFAULTS);
  const [ann, ben] = [login(bed, 1), login(bed, 2)];
  bed.create(ann, "tea");
  bed.ask(ben, ben.maker.join("tea"));
  bed.take(ann.conn);
  bed.isHeld = true;
  bed.text(ann.conn, ann.maker.message("tea", "x"));
  bed.apply(bed.core.closeRoom("tea", bed.now));
  bed.isHeld = false;
  bed.release();
  const ack = bed.take(ann.conn).find(({ type }) => type === "message.ack");
  assert.equal(ack?.others, 0);
});
