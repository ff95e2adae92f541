import assert from "node:assert/strict";
import { RoomTime } from "../../../../relay/core/rooms/room_time.ts";
import type { StoredRoom } from "../../../../relay/store/contract.ts";
import {
  DAY,
  HOUR,
  live,
  login,
  MINUTE,
  RestartingRelay,
} from "../../../fakes/restarting_relay.ts";

Deno.test("RoomEnding: a clock that is wrong at the start, or for a while, ends no room", () => {
  using relay = new RestartingRelay();
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

Deno.test("RoomEnding: a room that is left or written to while the clock is behind has its whole time when the clock is right again", () => {
  using relay = new RestartingRelay();
  const { bed } = relay;
  const ann = login(bed, 1);
  for (const name of ["left", "written"]) bed.create(ann, name);
  const turn = (ms: number) => {
    bed.now = { ...bed.now, wall: bed.now.wall + ms };
    bed.pass(1_000);
  };
  turn(-40 * DAY);
  bed.ask(ann, ann.maker.message("written", "x"));
  bed.ask(ann, ann.maker.leave("left"));
  turn(40 * DAY);
  const there = () => ["left", "written"].map((name) => bed.core.hasRoom(name));
  assert.deepEqual(there(), [true, true]);
  live(bed, 6 * DAY, [ann]);
  assert.deepEqual(there(), [true, true]);
  live(bed, 2 * DAY, [ann]);
  assert.deepEqual(there(), [false, true]);
});

Deno.test("RoomEnding: a room that is left while the clock is behind from the start has its whole time too", () => {
  using relay = new RestartingRelay();
  const ann = login(relay.bed, 1);
  for (const name of ["tea", "talk"]) relay.bed.create(ann, name);
  const bed = relay.restart(-20 * DAY);
  const back = login(bed, 1);
  bed.ask(back, back.maker.join("tea"));
  bed.ask(back, back.maker.leave("tea"));
  live(bed, 20 * MINUTE, [back]);
  bed.now = { ...bed.now, wall: bed.now.wall + 40 * DAY };
  live(bed, 2 * HOUR, [back]);
  assert.equal(bed.core.hasRoom("tea"), true);
});

Deno.test("RoomEnding: what is on disk of a room that is left while the clock is behind is not too early", () => {
  for (const isFromTheStart of [false, true]) {
    using relay = new RestartingRelay();
    const ann = login(relay.bed, 1);
    for (const name of ["tea", "talk"]) relay.bed.create(ann, name);
    if (isFromTheStart) relay.restart(-40 * DAY);
    else {
      const { now } = relay.bed;
      relay.bed.now = { ...now, wall: now.wall - 40 * DAY };
    }
    const back = login(relay.bed, 1);
    relay.bed.ask(back, back.maker.join("tea"));
    relay.bed.ask(back, back.maker.leave("tea"));
    live(relay.bed, 20 * MINUTE);
    const bed = relay.restart(40 * DAY);
    bed.create(login(bed, 2), "other");
    live(bed, 2 * HOUR);
    assert.equal(bed.core.hasRoom("tea"), true, `${isFromTheStart}`);
  }
});

Deno.test("RoomEnding: a room that was left while the clock was ahead has its time from the next start on, and no more", () => {
  using relay = new RestartingRelay();
  const ann = login(relay.bed, 1);
  relay.bed.create(ann, "tea");
  const { now } = relay.bed;
  relay.bed.now = { ...now, wall: now.wall + 40 * DAY };
  relay.bed.ask(ann, ann.maker.leave("tea"));
  const bed = relay.restart(-40 * DAY);
  live(bed, 7 * DAY);
  assert.equal(bed.core.hasRoom("tea"), true);
  live(bed, 3 * HOUR);
  assert.equal(bed.core.hasRoom("tea"), false);
});

Deno.test("RoomTime: a clock is believed at once where it agrees with what is on disk, or nothing is there, else once it lasted", () => {
  const wall = 1_800_000_000_000;
  const started = (lastActive: number | null) => {
    const time = new RoomTime();
    const rooms = lastActive === null ? [] : [
      { last_active: lastActive } as StoredRoom,
    ];
    time.restored(rooms, { wall, mono: 0 });
    return time;
  };
  for (const lastActive of [null, wall, wall - HOUR]) {
    assert.equal(started(lastActive).at({ wall, mono: 0 }), wall);
  }
  for (const lastActive of [wall + 1, wall - HOUR - 1, wall + 40 * DAY]) {
    const time = started(lastActive);
    assert.equal(time.at({ wall, mono: 0 }), null);
    const noted = Math.max(lastActive, wall);
    assert.equal(time.noted({ wall, mono: 0 }), noted);
    const later = { wall: wall + HOUR, mono: HOUR };
    assert.equal(time.at(later), later.wall);
    assert.equal(time.noted(later), later.wall);
  }
});
