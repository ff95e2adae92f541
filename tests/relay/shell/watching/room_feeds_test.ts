import assert from "node:assert/strict";
import type { RoomPeople } from "../../../../relay/core/rooms/room_people.ts";
import {
  RoomFeeds,
  WATCHERS,
} from "../../../../relay/shell/watching/room_feeds.ts";
import { WATCHER } from "../../../../relay/shell/watching/watcher.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { FakeStream } from "../../../fakes/peer_rig.ts";

/** Feeds of the rooms that `people` holds. */
function bed() {
  const clock = new FakeClock();
  const people = new Map<string, RoomPeople>([
    ["r", { count: 0, members: [] }],
  ]);
  const feeds = new RoomFeeds({ clock, people: (room) => people.get(room) });
  const enter = (room = "r", address = "192.0.2.1") => {
    const stream = new FakeStream();
    feeds.enter({ room, address, requestId: "id" }, stream);
    return stream;
  };
  return { clock, people, feeds, enter };
}

const message = (seq: number, text = "hello") => ({
  seq,
  from_name: "ada",
  received_at: 1,
  frame: JSON.stringify({
    ...{ type: "message", id: `m${seq}`, room: "r", from: "A" },
    content: { type: "text", text },
  }),
});

const heard = ({ writes }: FakeStream) => writes.map(String).join("");
const events = (stream: FakeStream) =>
  [...heard(stream).matchAll(/^event: (\w+)$/gm)].map(([, name]) => name);

Deno.test("RoomFeeds: a watcher hears who is there at once, and what is said within a tenth of a second, as one write", async () => {
  const { clock, feeds, enter } = bed();
  const stream = enter();
  assert.match(heard(stream), /^HTTP\/1\.1 200 OK\r\n(?:[^\n]+\r\n)+\r\n/);
  assert.deepEqual(events(stream), ["members"]);
  const before = stream.writes.length;
  feeds.said("r", message(7));
  feeds.said("r", message(8));
  feeds.said("other", message(1));
  await clock.advance(100);
  assert.equal(stream.writes.length, before + 1);
  assert.match(heard(stream), /id: 7\nevent: message\ndata: \{.*"seq":7/);
  assert.deepEqual(events(stream), ["members", "message", "message"]);
});

Deno.test("RoomFeeds: all watchers of a room are handed the same bytes", async () => {
  const { clock, feeds, enter } = bed();
  const streams = [enter(), enter(), enter()];
  feeds.said("r", message(1));
  await clock.advance(100);
  const [a, b, c] = streams.map(({ writes }) => writes.at(-1)?.buffer);
  assert.ok(a !== undefined && a === b && b === c);
});

Deno.test("RoomFeeds: who does not read holds a bounded queue, and is told to read the room again once it reads on", async () => {
  const { clock, feeds, enter } = bed();
  const stream = enter();
  stream.isRead = false;
  for (let seq = 1; seq <= 200; seq++) {
    feeds.said("r", message(seq, "x".repeat(1_000)));
    await clock.advance(100);
  }
  const most = WATCHER.queueBytes + 2_000;
  assert.ok(stream.writableLength < most, `${stream.writableLength}`);
  stream.readOn();
  await new Promise((resolve) => setTimeout(resolve));
  assert.ok(!events(stream).includes("resync"));
  feeds.said("r", message(201));
  await clock.advance(100);
  assert.deepEqual(events(stream).slice(-2), ["resync", "message"]);
});

Deno.test("RoomFeeds: more than a flush holds is told as resync", async () => {
  const { clock, feeds, enter } = bed();
  const stream = enter();
  for (let seq = 1; seq <= 10; seq++) {
    feeds.said("r", message(seq, "x".repeat(50_000)));
  }
  await clock.advance(100);
  assert.deepEqual(events(stream), ["members", "resync"]);
});

Deno.test("RoomFeeds.check: who comes or goes is told to all, nothing where nobody did", async () => {
  const { clock, people, feeds, enter } = bed();
  const stream = enter();
  feeds.check();
  people.set("r", { count: 1, members: [{ id: "A", name: "ada" }] });
  feeds.check();
  await clock.advance(100);
  assert.deepEqual(events(stream), ["members", "members"]);
  assert.match(heard(stream), /"members":\[\{"id":"A","name":"ada"\}\]/);
});

Deno.test("RoomFeeds.check: a room that ends ends its streams", () => {
  const { people, feeds, enter } = bed();
  const stream = enter();
  people.delete("r");
  feeds.check();
  assert.deepEqual(events(stream), ["members", "closed"]);
  assert.ok(stream.writableEnded);
});

Deno.test("RoomFeeds.check: one that takes nothing for long is ended", async () => {
  const { clock, feeds, enter } = bed();
  const stream = enter();
  stream.isRead = false;
  feeds.said("r", message(1));
  await clock.advance(100);
  feeds.check();
  await clock.advance(WATCHER.stalledMs);
  feeds.check();
  assert.ok(stream.destroyed);
});

Deno.test("RoomFeeds: one who leaves is forgotten; a stream that talks is ended", async () => {
  const { feeds, enter } = bed();
  const [a, b] = [enter(), enter()];
  assert.equal(feeds.size, 2);
  a.destroy();
  b.push("x".repeat(WATCHER.heardBytes + 1));
  await new Promise((resolve) => setTimeout(resolve));
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(feeds.size, 0);
});

Deno.test("RoomFeeds.mayEnter: as many as an address may have, whatever others have", () => {
  const { feeds, enter } = bed();
  for (let i = 0; i < WATCHERS.mostPerAddress; i++) enter("r", "a");
  assert.equal(feeds.mayEnter("a"), false);
  assert.equal(feeds.mayEnter("b"), true);
});
