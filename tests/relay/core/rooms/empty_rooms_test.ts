import assert from "node:assert/strict";
import { DEFAULT_LIMITS } from "../../../../relay/core/settings.ts";
import { agent } from "../../../fakes/agents.ts";
import { type BedLine, CoreBed, type Frame } from "../../../fakes/core_bed.ts";
import { prove } from "../../../fakes/relay_agent.ts";
import {
  login,
  MINUTE,
  RestartingRelay,
  ROOM_DEFAULTS,
} from "../../../fakes/restarting_relay.ts";

Deno.test("RoomEnding: a full relay gives an empty room's place to a new one, first of those without a message, then of the longest silent", () => {
  const limits = { ...DEFAULT_LIMITS, rooms: 4 };
  using relay = new RestartingRelay({ limits });
  const { bed } = relay;
  const ann = login(bed, 1);
  const make = (name: string, says: boolean) => {
    bed.pass(MINUTE);
    bed.ask(ann, '{"type":"ping"}');
    assert.deepEqual(bed.create(ann, name), ["room.joined"]);
    if (says) bed.ask(ann, ann.maker.message(name, "x"));
    bed.ask(ann, ann.maker.leave(name));
  };
  const rooms = () => relay.ready().rooms.map(({ name }) => name).sort();
  make("said-1", true);
  make("mute", false);
  make("said-2", true);
  make("said-3", true);
  make("a", true);
  assert.deepEqual(rooms(), ["a", "said-1", "said-2", "said-3"]);
  make("b", true);
  assert.deepEqual(rooms(), ["a", "b", "said-2", "said-3"]);
  for (const name of rooms()) bed.ask(ann, ann.maker.join(name));
  bed.pass(MINUTE);
  assert.deepEqual(bed.create(ann, "c"), ["RATE_LIMITED"]);
});

Deno.test("RoomEnding: an address keeps so many empty rooms; those of others and those with somebody in them stay", () => {
  const limits = {
    ...DEFAULT_LIMITS,
    ...{ emptyRoomsPerAddress: 2, createsPerAgent: 99, createsPerAddress: 99 },
  };
  const bed = new CoreBed({ ...ROOM_DEFAULTS, limits });
  const [ann, eve] = [login(bed, 1, "10.0.0.1"), login(bed, 2, "10.0.0.2")];
  bed.create(ann, "ann");
  bed.ask(ann, ann.maker.leave("ann"));
  bed.create(eve, "occupied");
  for (const name of ["one", "two", "three", "four"]) {
    bed.create(eve, name);
    bed.ask(eve, eve.maker.message(name, "x"));
    bed.ask(eve, eve.maker.leave(name));
    bed.pass(1_000);
  }
  const there = ["ann", "occupied", "one", "two", "three", "four"]
    .filter((name) => bed.core.hasRoom(name));
  assert.deepEqual(there, ["ann", "occupied", "three", "four"]);
});

Deno.test("RoomEnding: an address keeps so many bytes in empty rooms, and all together keep so many", () => {
  const { length: frameBytes } = new CoreBed().maker(agent(1))
    .message("name", "x");
  const limits = {
    ...DEFAULT_LIMITS,
    emptyBytesPerAddress: 3.5 * frameBytes,
    emptyBytes: 5.5 * frameBytes,
  };
  const bed = new CoreBed({ ...ROOM_DEFAULTS, limits });
  const lines = [1, 2, 3].map((n) => login(bed, n, `10.0.0.${n}`));
  const fill = (line: BedLine, name: string, messages: number) => {
    bed.create(line, name);
    for (let i = 0; i < messages; i++) {
      bed.ask(line, line.maker.message(name, "x"));
    }
    bed.pass(1_000);
    bed.ask(line, line.maker.leave(name));
  };
  const [a, b, c] = lines as [BedLine, BedLine, BedLine];
  fill(a, "a1", 2);
  fill(a, "a2", 3);
  assert.equal(bed.core.hasRoom("a1"), false, "one address");
  assert.equal(bed.core.hasRoom("a2"), true);
  fill(b, "b1", 2);
  fill(c, "mute", 0);
  fill(c, "c1", 2);
  assert.equal(bed.core.hasRoom("a2"), false, "all together");
  for (const name of ["b1", "c1", "mute"]) {
    assert.equal(bed.core.hasRoom(name), true, name);
  }
});

Deno.test("RoomEnding: what was ended within a tick is not counted again, nor ends what has its name later", () => {
  const { length: frameBytes } = new CoreBed().maker(agent(1))
    .message("large", "x");
  const limits = { ...DEFAULT_LIMITS, emptyBytes: 6.5 * frameBytes };
  const times = { ...ROOM_DEFAULTS, roomGraceMs: 1_000, roomEmptyMs: 1_000 };
  const bed = new CoreBed({ ...times, limits });
  const [ann, ben] = [login(bed, 1), login(bed, 2)];
  const fill = (line: BedLine, name: string, messages: number) => {
    for (let i = 0; i < messages; i++) {
      bed.ask(line, line.maker.message(name, "x"));
    }
    bed.pass(10);
  };
  bed.create(ben, "large");
  bed.create(ann, "three");
  bed.create(ann, "alone");
  fill(ann, "alone", 1);
  fill(ann, "three", 3);
  fill(ben, "large", 5);
  for (const name of ["alone", "three"]) bed.ask(ann, ann.maker.leave(name));
  bed.drop(ben.conn);
  bed.pass(1_001);
  const { rooms, emptyRooms } = bed.core.sizes();
  assert.deepEqual([rooms, emptyRooms], [1, 1]);
  const ends = bed.store.requests.filter(({ kind }) => kind === "room_ended");
  assert.equal(ends.length, 2);
  assert.deepEqual(bed.create(ann, "alone"), ["room.joined"]);
  bed.create(ann, "three");
  fill(ann, "three", 3);
  bed.ask(ann, ann.maker.leave("three"));
  assert.equal(bed.core.hasRoom("alone"), true, "somebody is in it");
});

Deno.test("RoomEnding: a room that is too large by itself takes no other one's place", () => {
  const { length: frameBytes } = new CoreBed().maker(agent(1))
    .message("name", "x");
  for (const bound of ["emptyBytesPerAddress", "emptyBytes"]) {
    const limits = { ...DEFAULT_LIMITS, [bound]: 3.5 * frameBytes };
    const bed = new CoreBed({ ...ROOM_DEFAULTS, limits });
    const ann = login(bed, 1);
    for (const [name, messages] of [["said", 2], ["full", 4]] as const) {
      bed.create(ann, name);
      for (let i = 0; i < messages; i++) {
        bed.ask(ann, ann.maker.message(name, "x"));
      }
      bed.pass(1_000);
      bed.ask(ann, ann.maker.leave(name));
    }
    const there = ["said", "full"].map((name) => bed.core.hasRoom(name));
    assert.deepEqual(there, [true, false], bound);
  }
});

Deno.test("RoomEnding: bounds that were lowered hold from the start on", () => {
  const limits = { ...DEFAULT_LIMITS, emptyRoomsPerAddress: 2 };
  const bed = new CoreBed({ ...ROOM_DEFAULTS, limits });
  const empty = (created_from: string, age: number) => ({
    ...{ name: `room-${age}`, created_from, messages: 1, bytes: 1 },
    ...{ empty_since: bed.now.wall, last_active: bed.now.wall - age },
  });
  bed.rooms(
    "occupied",
    ...[3, 1, 9, 7, 5].map((age) => empty("10.0.0.1", age)),
    empty("10.0.0.2", 20),
    ...[11, 12, 13].map((age) => empty("", age)),
  );
  const { rooms } = bed.core.rooms({
    ...{ tags: [], match: "any", sort: "active", limit: 100 },
  });
  assert.deepEqual(rooms.map(({ name }) => name), [
    ...["occupied", "room-1", "room-3", "room-11", "room-12", "room-13"],
    "room-20",
  ]);
});

Deno.test("RoomEnding: a place is given once the new room is on disk", () => {
  const limits = { ...DEFAULT_LIMITS, rooms: 2 };
  using relay = new RestartingRelay({ limits });
  const { bed } = relay;
  const ann = login(bed, 1);
  for (const name of ["one", "two"]) {
    bed.create(ann, name);
    bed.ask(ann, ann.maker.leave(name));
  }
  const { answer } = bed.store;
  bed.store.answer = (request) =>
    request.kind === "room_opened"
      ? {
        ...{ kind: "failed", token: request.token },
        ...{ why: "storage", reason: "disk full" },
      }
      : answer.call(bed.store, request);
  assert.deepEqual(bed.create(ann, "three"), ["RATE_LIMITED"]);
  assert.equal(bed.core.sizes().rooms, 2);
  bed.store.answer = answer;
  assert.deepEqual(bed.create(ann, "three"), ["room.joined"]);
  assert.equal(bed.core.sizes().rooms, 2);
});

Deno.test("RelayCore.removed: what the store no longer keeps no longer counts", () => {
  const limits = { ...DEFAULT_LIMITS, rooms: 2 };
  const bed = new CoreBed({ ...ROOM_DEFAULTS, limits });
  const ann = login(bed, 1);
  for (const name of ["older", "newer"]) {
    bed.create(ann, name);
    bed.pass(1_000);
    bed.ask(ann, ann.maker.message(name, "x"));
    bed.ask(ann, ann.maker.leave(name));
  }
  bed.core.removed([
    { room: "newer", messages: 1, bytes: 9_999 },
    { room: "no-such", messages: 1, bytes: 1 },
  ]);
  bed.create(ann, "third");
  assert.equal(bed.core.hasRoom("newer"), false, "it has no message left");
  assert.equal(bed.core.hasRoom("older"), true);
});

Deno.test("RoomIndex: empty rooms are listed after those with agents, page by page", () => {
  const bed = new CoreBed(ROOM_DEFAULTS);
  const [ann, ben] = [login(bed, 1), login(bed, 2)];
  for (const name of ["a", "b", "c"]) {
    bed.create(ann, name);
    bed.pass(1_000);
  }
  bed.create(ben, "d");
  bed.ask(ben, ben.maker.leave("d"));
  bed.ask(ann, ann.maker.leave("c"));
  for (const sort of ["active", "agents"] as const) {
    const page = (after?: { value: number; name: string }) =>
      bed.core.rooms({
        ...{ tags: [], match: "any", sort, limit: 2 },
        ...(after === undefined ? {} : { after }),
      });
    const first = page();
    const names = [...first.rooms, ...page(first.next).rooms]
      .map(({ name }) => name);
    assert.deepEqual(new Set(names.slice(0, 2)), new Set(["a", "b"]), sort);
    assert.deepEqual(new Set(names.slice(2)), new Set(["c", "d"]), sort);
    if (sort === "active") assert.deepEqual(names, ["b", "a", "d", "c"]);
  }
});

Deno.test("RoomEnding: an empty room's place is promised once, however many rooms are on their way to disk", () => {
  const limits = { ...DEFAULT_LIMITS, rooms: 2 };
  const bed = new CoreBed({ ...ROOM_DEFAULTS, limits });
  const [ann, ben, cid] = [1, 2, 3].map((n) => login(bed, n)) as [
    ...[BedLine, BedLine, BedLine],
  ];
  bed.create(ann, "kept");
  bed.create(ann, "empty");
  bed.ask(ann, ann.maker.leave("empty"));
  const proven = [ben, cid].map(({ conn, maker }) => {
    bed.text(conn, maker.create(`of-${conn}`));
    const [challenge] = bed.take(conn).slice(-1) as [Frame];
    return maker.create(`of-${conn}`, { pow: prove(challenge) });
  }) as [string, string];
  bed.isHeld = true;
  assert.deepEqual(bed.ask(ben, proven[0]), []);
  assert.deepEqual(bed.ask(cid, proven[1]), ["RATE_LIMITED"]);
  bed.isHeld = false;
  bed.release();
  assert.deepEqual(bed.types(ben.conn), ["room.joined"]);
  assert.equal(bed.core.sizes().rooms, 2);
});
