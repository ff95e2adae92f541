import assert from "node:assert/strict";
import { DEFAULT_LIMITS } from "../../../relay/core/settings.ts";
import { agent } from "../../fakes/agents.ts";
import { type BedLine, CoreBed } from "../../fakes/core_bed.ts";
import {
  login,
  MINUTE,
  RestartingRelay,
  ROOM_DEFAULTS,
} from "../../fakes/restarting_relay.ts";

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
