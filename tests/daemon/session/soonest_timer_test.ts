import assert from "node:assert/strict";
import { SoonestTimer } from "../../../daemon/session/soonest_timer.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

function timerRig() {
  const clock = new FakeClock();
  const ending = new AbortController();
  const dues: number[] = [];
  const began = clock.monotonic();
  const timer = new SoonestTimer({
    ...{ clock, closed: ending.signal },
    due: () => void dues.push(clock.monotonic() - began),
  });
  return { clock, ending, dues, timer };
}

Deno.test("SoonestTimer: of several times the soonest counts, once", async () => {
  const { clock, dues, timer } = timerRig();
  for (const ms of [500, 100, 300]) timer.within(ms);
  await clock.advance(1_000);
  assert.deepEqual(dues, [100]);
});

Deno.test("SoonestTimer: once it was due, a later time counts again", async () => {
  const { clock, dues, timer } = timerRig();
  timer.within(100);
  await clock.advance(100);
  timer.within(300);
  await clock.advance(1_000);
  assert.deepEqual(dues, [100, 400]);
});

Deno.test("SoonestTimer: nothing is due once the session is closed", async () => {
  const { clock, ending, dues, timer } = timerRig();
  timer.within(100);
  ending.abort();
  timer.within(50);
  await clock.advance(1_000);
  assert.deepEqual(dues, []);
});

Deno.test("SoonestTimer: what is due while it runs follows it, once, and not beside it", async () => {
  const clock = new FakeClock();
  const closed = new AbortController().signal;
  const began: (() => void)[] = [];
  const timer = new SoonestTimer({
    ...{ clock, closed },
    due: () => new Promise((resolve) => began.push(resolve)),
  });
  timer.within(0);
  await clock.advance(0);
  for (let n = 0; n < 3; n++) {
    timer.within(100);
    await clock.advance(100);
  }
  assert.equal(began.length, 1);
  began[0]?.();
  await clock.advance(0);
  assert.equal(began.length, 2);
  began[1]?.();
  await clock.advance(1_000);
  assert.equal(began.length, 2);
  timer.within(100);
  await clock.advance(100);
  assert.equal(began.length, 3);
});
