import assert from "node:assert/strict";
import { Room } from "../../../daemon/session/core/room.ts";
import { Lane } from "../../../daemon/session/lane.ts";
import { silentLogger } from "../../../lib/log.ts";
import { watch } from "../../fakes/client_rig.ts";
import { FakeClock, settle } from "../../fakes/fake_clock.ts";
import { roomName } from "../../fakes/plain.ts";

function roomOf(name: string): Room {
  return new Room({
    ...{ name: roomName(name), topic: "", tags: [], createdHere: false },
    ...{ joinedAt: 0, lastSeq: undefined, lastAt: undefined, ended: undefined },
    rank: undefined,
  });
}

/** A lane whose work with a room goes on until `end` is called. */
function laneRig() {
  const clock = new FakeClock();
  const [tea, lab, den] = [roomOf("tea"), roomOf("lab"), roomOf("den")];
  const begun: string[] = [];
  const signals: AbortSignal[] = [];
  let running = Promise.withResolvers<void>();
  const lane = new Lane({
    ...{ clock, log: silentLogger },
    work: (room, signal) => {
      begun.push(room.name);
      signals.push(signal);
      running = Promise.withResolvers<void>();
      return running.promise;
    },
  });
  const end = async (error?: Error) => {
    if (error === undefined) running.resolve();
    else running.reject(error);
    await settle();
  };
  return { clock, lane, begun, signals, end, tea, lab, den };
}

Deno.test("Lane.add: one room at a time, in order; one that waits keeps its place, one at work comes again", async () => {
  const { lane, begun, end, tea, lab, den } = laneRig();
  for (const room of [tea, lab, den, lab, tea]) lane.add(room);
  assert.deepEqual(begun, ["tea"]);
  await end();
  assert.deepEqual(begun, ["tea", "lab"]);
  await end();
  await end();
  await end();
  assert.deepEqual(begun, ["tea", "lab", "den", "tea"]);
});

Deno.test("Lane: work that breaks keeps no other room from its turn", async () => {
  const { lane, begun, end, tea, lab } = laneRig();
  lane.add(tea);
  lane.add(lab);
  await end(new Error("a fault of ours"));
  assert.deepEqual(begun, ["tea", "lab"]);
});

Deno.test("Lane.remove: ends the work, and resolves once it has ended; then the next room has its turn", async () => {
  const { lane, begun, signals, end, tea, lab } = laneRig();
  lane.add(tea);
  lane.add(lab);
  const removed = watch(lane.remove(tea));
  await settle();
  assert.equal(signals[0]?.aborted, true);
  assert.deepEqual(removed, {}, "the work has not ended");
  assert.deepEqual(begun, ["tea"]);
  await end();
  assert.ok("value" in removed);
  assert.deepEqual(begun, ["tea", "lab"]);
  assert.equal(signals[1]?.aborted, false);
});

Deno.test("Lane.remove: a room that waits does not begin; one that is at work is left alone", async () => {
  const { lane, begun, signals, end, tea, lab } = laneRig();
  lane.add(tea);
  lane.add(lab);
  await lane.remove(lab);
  assert.equal(signals[0]?.aborted, false);
  await end();
  assert.deepEqual(begun, ["tea"]);
});

Deno.test("Lane.rest: no room begins until the time is over", async () => {
  const { clock, lane, begun, end, tea, lab } = laneRig();
  lane.add(tea);
  lane.rest(1_000);
  lane.add(lab);
  await end();
  await clock.advance(999);
  assert.deepEqual(begun, ["tea"]);
  await clock.advance(1);
  assert.deepEqual(begun, ["tea", "lab"]);
});

Deno.test("Lane.clear: nothing begins, not after a rest either, and no timer is left; what is added then does", async () => {
  const { clock, lane, begun, signals, end, tea, lab, den } = laneRig();
  lane.add(tea);
  lane.add(lab);
  lane.rest(1_000);
  lane.clear();
  assert.equal(clock.pending, 0);
  assert.equal(signals[0]?.aborted, true);
  await end();
  await clock.advance(2_000);
  assert.deepEqual(begun, ["tea"]);
  lane.add(den);
  assert.deepEqual(begun, ["tea", "den"]);
});
