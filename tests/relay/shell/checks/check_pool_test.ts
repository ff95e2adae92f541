import assert from "node:assert/strict";
import type { CheckResult } from "../../../../relay/checks/check_messages.ts";
import { FakeChecker, PoolRig } from "../../../fakes/check_rig.ts";

/** A task, and what it was answered. */
function task(text = "{}") {
  const results: CheckResult[] = [];
  const done = (result: CheckResult) => results.push(result);
  return { results, agent: "A", text, done };
}

/** A pool with one worker, which is wanted. */
function rigWithOne() {
  const rig = new PoolRig();
  rig.rush();
  const worker = new FakeChecker();
  rig.pool.connect(0, worker);
  return { rig, worker };
}

Deno.test("CheckPool: at rest no worker is wanted and none is kept; under load they are asked for once", () => {
  const rig = new PoolRig();
  const early = new FakeChecker();
  rig.pool.connect(0, early);
  assert.equal(early.isClosed, true);
  for (let i = 0; i < 600; i++) {
    rig.now += 100;
    assert.equal(rig.pool.mayTake(0), false);
    rig.pool.tick(0);
  }
  assert.deepEqual(rig.wanted, []);
  const busy = new PoolRig();
  busy.rush();
  busy.rush();
  assert.deepEqual(busy.wanted, [true]);
  assert.equal(busy.pool.mayTake(busy.now), false);
});

Deno.test("CheckPool: workers end once nobody needed them for 10 s, and may be asked for again", () => {
  const { rig, worker } = rigWithOne();
  const busy = rig.now;
  const rest = (seconds: number) => {
    for (let i = 0; i < seconds; i++) {
      rig.now += 1_000;
      rig.pool.tick(busy);
    }
  };
  rest(10);
  assert.deepEqual(rig.wanted, [true]);
  rest(2);
  assert.deepEqual(rig.wanted, [true, false]);
  assert.equal(worker.isClosed, true);
  rig.rush();
  rig.rush();
  assert.deepEqual(rig.wanted, [true, false, true]);
});

Deno.test("CheckPool: a full worker takes no more, a second one that is free does", () => {
  const { rig, worker } = rigWithOne();
  let given = 0;
  while (rig.pool.mayTake(rig.now) && given < 1_000) {
    rig.pool.take([task()]);
    given++;
  }
  assert.equal(given, 128);
  rig.pool.connect(1, new FakeChecker());
  assert.equal(rig.pool.mayTake(rig.now), true);
  worker.answer();
  assert.equal(rig.pool.figures().checks_waiting, 127);
});

Deno.test("CheckPool: long texts fill a worker sooner", () => {
  const { rig } = rigWithOne();
  rig.pool.take([task("x".repeat(262_144))]);
  assert.equal(rig.pool.mayTake(rig.now), false);
});

Deno.test("CheckPool: what a worker had that was started anew is left to who asked, once", () => {
  const { rig, worker } = rigWithOne();
  const one = task();
  rig.pool.take([one]);
  rig.pool.connect(0, new FakeChecker());
  worker.answer();
  assert.deepEqual(one.results, [{ checked: null, ms: 0 }]);
  assert.equal(worker.isClosed, true);
});

Deno.test("CheckPool: without an answer for a second a stall is counted and the frames are left to who asked; the late answer is nobody's", () => {
  const { rig, worker } = rigWithOne();
  const [one, two] = [task(), task()];
  rig.pool.take([one]);
  rig.now += 999;
  rig.pool.tick(rig.now);
  assert.equal(one.results.length, 0);
  rig.now += 1;
  rig.pool.tick(rig.now);
  assert.deepEqual(one.results, [{ checked: null, ms: 0 }]);
  assert.equal(rig.pool.figures().check_stalls, 1);
  assert.equal(rig.pool.mayTake(rig.now), false);
  worker.answer();
  assert.equal(one.results.length, 1);
  assert.equal(rig.pool.mayTake(rig.now), true);
  rig.pool.take([two]);
  worker.answer();
  assert.equal(two.results[0]?.checked?.kind, "refused");
});
