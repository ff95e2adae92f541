import assert from "node:assert/strict";
import type { StoreReady } from "../../../relay/store/contract.ts";
import {
  type CoreSettings,
  DEFAULT_LIMITS,
} from "../../../relay/core/settings.ts";
import { agent } from "../../fakes/agents.ts";
import { type BedLine, CoreBed } from "../../fakes/core_bed.ts";
import { DiskStore } from "../../fakes/disk_store.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** As an operator who says nothing has them. */
const DEFAULTS = { roomIdleMs: 30 * DAY, roomEmptyMs: 7 * DAY };
const LEFT = { features: ["ack", "closed", "history", "left"] };

function login(bed: CoreBed, n: number, address?: string): BedLine {
  return bed.login(bed.maker(agent(n)), LEFT, address);
}

/** A relay over a real database, which starts anew on what the one before left. */
class Restarting implements Disposable {
  readonly #store = new DiskStore();
  readonly #settings: Partial<CoreSettings>;
  bed: CoreBed;

  constructor(settings: Partial<CoreSettings> = {}) {
    this.#settings = { ...DEFAULTS, ...settings };
    this.bed = this.#start({ wall: 1_800_000_000_000, mono: 1_000_000 });
  }

  /** Stops the relay, and starts it after so many milliseconds. */
  restart(afterMs = 0): CoreBed {
    const { wall } = this.bed.now;
    return this.bed = this.#start({ wall: wall + afterMs, mono: 500 });
  }

  ready(): StoreReady {
    return this.#store.ready();
  }

  [Symbol.dispose](): void {
    this.#store.close();
  }

  #start(now: CoreBed["now"]): CoreBed {
    const bed = new CoreBed(this.#settings, this.#store);
    bed.now = now;
    bed.core.restore(this.#store.ready(), now);
    return bed;
  }
}

/** Goes on for a long time, with a tick every hour and every line heard of. */
function live(bed: CoreBed, ms: number, lines: readonly BedLine[] = []): void {
  for (let left = ms; left > 0; left -= MINUTE) {
    bed.pass(Math.min(left, MINUTE));
    for (const line of lines) bed.ask(line, '{"type":"ping"}');
  }
}

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
  using relay = new Restarting();
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
  using relay = new Restarting();
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
  using relay = new Restarting();
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
  using relay = new Restarting();
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

Deno.test("RoomEnding: a clock that is wrong at the start, or for a while, ends no room", () => {
  using relay = new Restarting();
  relay.bed.create(login(relay.bed, 1), "tea");
  const bed = relay.restart(40 * DAY);
  live(bed, 50 * MINUTE);
  assert.equal(bed.core.hasRoom("tea"), true);
  bed.now = { ...bed.now, wall: bed.now.wall - 40 * DAY };
  live(bed, 3 * HOUR);
  assert.equal(bed.core.hasRoom("tea"), true);
  bed.now = { ...bed.now, wall: bed.now.wall + 40 * DAY };
  live(bed, 5 * MINUTE);
  bed.now = { ...bed.now, wall: bed.now.wall - 40 * DAY };
  live(bed, 6 * DAY);
  assert.equal(bed.core.hasRoom("tea"), true);
  live(bed, 2 * DAY);
  assert.equal(bed.core.hasRoom("tea"), false);
});

Deno.test("RoomEnding: with --room-empty 0 the last leave ends a room, and who asks is told so", () => {
  using relay = new Restarting({ roomEmptyMs: 0, roomIdleMs: HOUR });
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
  using relay = new Restarting();
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
  using relay = new Restarting({ roomGraceMs: 10 * MINUTE });
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
  const bed = new CoreBed(DEFAULTS);
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

Deno.test("RoomEnding: a full relay gives an empty room's place to a new one, first of those without a message, then of the longest silent", () => {
  const limits = { ...DEFAULT_LIMITS, rooms: 4 };
  using relay = new Restarting({ limits });
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
  const bed = new CoreBed({ ...DEFAULTS, limits });
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
  const bed = new CoreBed({ ...DEFAULTS, limits });
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
  const bed = new CoreBed({ ...DEFAULTS, limits });
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

Deno.test("RoomEnding.close: who was away hears that an operator closed the room, also after a restart, until it is made again", () => {
  using relay = new Restarting();
  const ann = login(relay.bed, 1);
  relay.bed.create(ann, "tea");
  relay.bed.apply(relay.bed.core.closeRoom("tea", relay.bed.now));
  assert.deepEqual(relay.bed.types(ann.conn), ["room.closed"]);
  const bed = relay.restart(20 * DAY);
  const back = login(bed, 1);
  bed.take(back.conn);
  bed.text(back.conn, back.maker.join("tea"));
  const [told, error] = bed.take(back.conn);
  assert.deepEqual(told, {
    ...{ type: "room.closed", room: "tea", reason: "closed by the operator" },
  });
  assert.equal(error?.code, "ROOM_NOT_FOUND");
  const old = bed.login(bed.maker(agent(2)), { features: [] });
  assert.deepEqual(bed.ask(old, old.maker.join("tea")), ["ROOM_NOT_FOUND"]);
  bed.create(back, "tea");
  bed.ask(back, back.maker.leave("tea"));
  bed.pass(8 * DAY);
  const again = login(bed, 3);
  assert.deepEqual(bed.ask(again, again.maker.join("tea")), ["ROOM_NOT_FOUND"]);
});

Deno.test("RoomIndex: empty rooms are listed after those with agents, page by page", () => {
  const bed = new CoreBed(DEFAULTS);
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
