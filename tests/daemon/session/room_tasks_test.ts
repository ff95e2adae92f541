import assert from "node:assert/strict";
import { Room } from "../../../daemon/session/core/room.ts";
import { RoomTasks } from "../../../daemon/session/room_tasks.ts";
import { silentLogger } from "../../../lib/log.ts";
import { FakeClock, settle } from "../../fakes/fake_clock.ts";
import { roomName } from "../../fakes/plain.ts";

function tasksRig() {
  const clock = new FakeClock();
  const tasks = new RoomTasks({ clock, log: silentLogger });
  const room = new Room({
    ...{ name: roomName("tea"), topic: "", tags: [], createdHere: false },
    ...{ joinedAt: 0, lastSeq: undefined, lastAt: undefined, ended: undefined },
    rank: undefined,
  });
  const done: string[] = [];
  const later = (name: string, ms: number) =>
    tasks.later(room, ms, () => done.push(name));
  return { clock, tasks, room, done, later };
}

Deno.test("RoomTasks.later: a new task of a room ends the one before", async () => {
  const { clock, done, later } = tasksRig();
  later("first", 10);
  later("second", 20);
  assert.equal(clock.pending, 1);
  await clock.advance(30);
  assert.deepEqual(done, ["second"]);
});

Deno.test("RoomTasks.stop: ends the task of now, also where one before it has just come to its end", async () => {
  const { clock, tasks, room, done, later } = tasksRig();
  const first = Promise.withResolvers<void>();
  tasks.start(room, () => first.promise);
  later("second", 10);
  first.resolve();
  await settle();
  tasks.stop(room);
  assert.equal(clock.pending, 0);
  await clock.advance(20);
  assert.deepEqual(done, []);
});

Deno.test("RoomTasks.start: a task that breaks is a fault of ours and stops no other", async () => {
  const { clock, tasks, room, done, later } = tasksRig();
  tasks.start(room, () => Promise.reject(new Error("a fault of ours")));
  await settle();
  later("next", 10);
  await clock.advance(10);
  assert.deepEqual(done, ["next"]);
});

Deno.test("RoomTasks.close: nothing is under way, and nothing is begun any more", async () => {
  const { clock, tasks, done, later } = tasksRig();
  later("before", 10);
  tasks.close();
  later("after", 10);
  assert.equal(clock.pending, 0);
  await clock.advance(20);
  assert.deepEqual(done, []);
});
