import assert from "node:assert/strict";
import fc from "fast-check";
import { roomName } from "../../../fakes/plain.ts";
import { RoomTable } from "../../../../relay/core/rooms/room_table.ts";
import type { Room } from "../../../../relay/core/rooms/room.ts";
import type { RoomQuery } from "../../../../relay/core/rooms/room_index.ts";
import { Seat } from "../../../../relay/core/rooms/seat.ts";
import {
  cursorText,
  parseCursor,
} from "../../../../relay/core/edge/listing.ts";
import { defined } from "../../../../lib/defined.ts";

const NAMES = ["alpha", "beta-one", "beta-two", "c", "漢字".length + "x"];
const TOPICS = ["", "Rust ownership", "own words", "日本語の部屋", "beta"];
const TAGS = ["x", "y", "z"];

function open(table: RoomTable, name: string, more: Partial<Room> = {}): Room {
  return table.open({
    name: roomName(name),
    topic: more.topic ?? "",
    tags: more.tags ?? [],
    ...{ createdBy: "", createdFrom: "", createdAt: 0 },
    lastActive: more.lastActive ?? 0,
    ...{ messages: 0, bytes: 0 },
  });
}

function naive(rooms: readonly Room[], query: RoomQuery): string[] {
  const value = (room: Room) =>
    query.sort === "active"
      ? room.lastActive + (room.members.size > 0 ? 1e15 : 0)
      : room.members.size;
  const has = (room: Room, word: string) =>
    `${room.name} ${room.topic}`.toLowerCase().split(/[^\p{L}\p{N}]+/u)
      .some((own) => own.startsWith(word));
  return rooms
    .filter(({ tags }) =>
      query.tags.length === 0 ||
      (query.match === "all"
        ? query.tags.every((tag) => tags.includes(tag))
        : query.tags.some((tag) => tags.includes(tag)))
    )
    .filter((room) => query.q === undefined || has(room, query.q))
    .sort((a, b) => value(b) - value(a) || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name);
}

/** Every page in turn, through cursors as the wire has them. */
function paged(table: RoomTable, query: RoomQuery): string[] {
  const names: string[] = [];
  let after: RoomQuery["after"];
  for (let page = 0; page < 100; page++) {
    const { rooms, next } = table.page({
      ...query,
      ...defined({ after }),
    });
    names.push(...rooms.map(({ name }) => name));
    if (next === undefined) return names;
    after = parseCursor(cursorText(next)) ?? undefined;
  }
  throw new Error("pages without end");
}

Deno.test("RoomIndex: pages in order agree with a naive filter and sort, after any changes", () => {
  const change = fc.record({
    room: fc.nat({ max: NAMES.length - 1 }),
    kind: fc.constantFrom("open", "end", "touch", "enter", "exit"),
    topic: fc.constantFrom(...TOPICS),
    tags: fc.uniqueArray(fc.constantFrom(...TAGS)),
    at: fc.nat({ max: 5 }),
  });
  const query = fc.record({
    tags: fc.uniqueArray(fc.constantFrom(...TAGS, "nix")),
    match: fc.constantFrom("any" as const, "all" as const),
    sort: fc.constantFrom("active" as const, "agents" as const),
    limit: fc.integer({ min: 1, max: 3 }),
    q: fc.constantFrom(undefined, "own", "be", "beta", "o", "nix"),
  });
  fc.assert(
    fc.property(fc.array(change), query, (changes, asked) => {
      const table = new RoomTable();
      const seats = [1, 2, 3].map((id) => {
        const where = { node: "", conn: id, isHere: true, since: 0 };
        const who = { agent: `a${id}`, name: "", features: [], address: "" };
        return new Seat({ ...where, ...who }, 0);
      });
      for (const { room: at, kind, topic, tags, at: time } of changes) {
        const name = NAMES[at] as string;
        const room = table.get(name);
        const seat = seats[time % 3] as Seat;
        if (room === undefined) {
          if (kind === "open") open(table, name, { topic, tags });
        } else if (kind === "end") table.end(room);
        else if (kind === "touch") table.touch(room, time);
        else if (kind === "enter") {
          table.enter(room, { seat, joinedAt: 0 });
        } else if (kind === "exit" && room.has(seat)) table.exit(room, seat);
      }
      const full = defined(asked);
      assert.deepEqual(paged(table, full), naive([...table], full));
    }),
    { numRuns: 3_000 },
  );
});

Deno.test("RoomIndex: finds characters of scripts without spaces", () => {
  const table = new RoomTable();
  open(table, "a", { topic: "日本語の部屋" });
  open(table, "b", { topic: "nihongo" });
  const query: RoomQuery = {
    tags: [],
    match: "any",
    sort: "active",
    limit: 10,
    q: "部屋",
  };
  assert.deepEqual(paged(table, query), ["a"]);
});

Deno.test("RoomIndex: a page of 10,000 rooms looks at its own length and a few more", () => {
  const table = new RoomTable();
  let looks = 0;
  for (let i = 0; i < 10_000; i++) {
    const room = open(table, `room-${i}`, {
      topic: `topic number${i}`,
      tags: [i % 2 === 0 ? "even" : "odd", `t${i % 100}`],
      lastActive: i,
    });
    const { tags } = room;
    Object.defineProperty(room, "tags", {
      get: () => {
        looks++;
        return tags;
      },
    });
  }
  const queries: Partial<RoomQuery>[] = [
    {},
    { tags: ["even"] },
    { tags: ["t7", "odd"], match: "all" },
    { tags: ["t7"], q: "number507" },
    { q: "number9" },
  ];
  for (const query of queries) {
    looks = 0;
    const page = table.page({
      tags: [],
      match: "any",
      sort: "active",
      limit: 50,
      ...query,
    });
    assert.ok(page.rooms.length > 0);
    assert.ok(looks < 500, `${JSON.stringify(query)}: ${looks}`);
  }
});

/** How many words are compared while something is done. */
function comparisons(action: () => void): number {
  const { startsWith } = String.prototype;
  let count = 0;
  String.prototype.startsWith = function (...args) {
    count++;
    return startsWith.apply(this, args);
  };
  try {
    action();
    return count;
  } finally {
    String.prototype.startsWith = startsWith;
  }
}

Deno.test("RoomIndex: eight words, of which each of 10,000 rooms has seven, compare few of half a million words", () => {
  const sought = [..."abcdefgh"].map((letter) => `same${letter}`);
  const others = Array.from({ length: 38 }, (_, i) => `same${i}`);
  const table = new RoomTable();
  for (let i = 0; i < 10_000; i++) {
    const seven = sought.filter((_, k) => k !== i % 8);
    open(table, `room-${i}`, { topic: [...others, ...seven].join(" ") });
  }
  const query: RoomQuery = {
    ...{ tags: [], match: "any", sort: "active", limit: 50 },
    q: sought.join(" "),
  };
  const count = comparisons(() => {
    assert.deepEqual(table.page(query).rooms, []);
  });
  assert.ok(count < 100_000, `${count} words were compared`);
  const found = { ...query, q: sought.slice(1).join(" ") };
  assert.equal(table.page(found).rooms.length, 50);
});
