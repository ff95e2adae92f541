import assert from "node:assert/strict";
import { Room } from "../../../daemon/session/core/room.ts";
import { roomName } from "../../fakes/plain.ts";
import type { VerifiedMessage } from "../../../daemon/session/core/verified_message.ts";

function roomAt(lastSeq: number | undefined): Room {
  return new Room({
    ...{
      name: roomName("tea"),
      topic: "",
      tags: [],
      createdHere: false,
      joinedAt: 0,
    },
    ...{ lastSeq, lastAt: undefined, ended: undefined, rank: undefined },
  });
}

function verified(text = "x"): VerifiedMessage {
  return {
    frame: {
      ...{ type: "message", id: "1", room: "tea", from: "A", timestamp: 1 },
      content: { type: "text", text },
      ...{ nonce: "n", signature: "s" },
    },
    verified: true,
  } as VerifiedMessage;
}

Deno.test("Room.hold: a thousand messages wait; one more is marked as lost to the line", () => {
  const room = roomAt(1);
  for (let i = 0; i < 1_000; i++) room.hold(verified());
  assert.deepEqual([room.held.length, room.overflow], [1_000, false]);
  room.hold(verified());
  assert.deepEqual([room.held.length, room.overflow], [1_000, true]);
});

Deno.test("Room.hold: 4 MB wait, and what left the line makes room again", () => {
  const room = roomAt(1);
  const half = verified("x".repeat(1_000_000));
  room.hold(half);
  room.hold(half);
  assert.equal(room.overflow, false);
  room.hold(half);
  assert.deepEqual([room.held.length, room.overflow], [2, true]);
  room.unhold(1);
  room.wasReleased();
  room.hold(half);
  assert.deepEqual([room.held.length, room.overflow], [2, false]);
});

Deno.test("Room.ownSeq: own numbers ahead of what was had are stepped over once it is", () => {
  const room = roomAt(10);
  for (const own of [12, 13, 15]) room.progress.ownSeq(own);
  assert.equal(room.progress.lastSeq, 10, "11 of another is still missing");
  room.progress.advance(11);
  assert.equal(room.progress.lastSeq, 13);
  room.progress.advance(14);
  assert.equal(room.progress.lastSeq, 15);
});

Deno.test("Room.ownSeq: of a room whose place is not known nothing is learnt", () => {
  const room = roomAt(undefined);
  room.progress.ownSeq(7);
  assert.equal(room.progress.lastSeq, undefined);
});

Deno.test("Room.closes: a room that is there again is counted from when it ends next", () => {
  const room = roomAt(10);
  room.closes(1_000);
  room.learn({
    ...{ type: "room.joined", room: room.name, topic: "", tags: [] },
    members: [],
  });
  room.closes(9_000);
  room.hasEnded();
  assert.equal(room.joinedAt, 9_000);
});

Deno.test("Room.breaks: a gap behind what waits, and before what comes then, until it is released or fetched", () => {
  const room = roomAt(10);
  room.breaks();
  assert.equal(room.gapBehind, false, "nothing waits that it could be behind");
  room.hold(verified());
  room.breaks();
  assert.equal(room.gapBehind, true);
  room.hold(verified());
  room.hold(verified());
  const gaps = () => room.held.map(({ gapBefore }) => gapBefore);
  assert.deepEqual(gaps(), [false, true, false]);
  assert.equal(room.gapBehind, false);
  room.wasFetched();
  assert.deepEqual(gaps(), [false, false, false]);
  room.breaks();
  room.unhold(3);
  room.wasReleased();
  assert.equal(room.gapBehind, false);
});

Deno.test("Room.ownSeq: numbers that a gap has jumped over make room for others", () => {
  const room = roomAt(10);
  for (let own = 12; own < 1_012; own++) room.progress.ownSeq(own);
  room.progress.advance(5_000);
  room.progress.ownSeq(5_002);
  room.progress.advance(5_001);
  assert.equal(room.progress.lastSeq, 5_002);
});
