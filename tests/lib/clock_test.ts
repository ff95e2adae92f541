import assert from "node:assert/strict";
import { pause, runLater, sleep } from "../../lib/clock.ts";
import { FakeClock } from "../fakes/fake_clock.ts";

Deno.test("runLater: runs once, at its time, and is deaf to the signal from then on", async () => {
  const clock = new FakeClock();
  const ending = new AbortController();
  let runs = 0;
  runLater(clock, { ms: 100, signal: ending.signal }, () => runs++);
  await clock.advance(99);
  assert.equal(runs, 0);
  await clock.advance(1);
  ending.abort();
  await clock.advance(1_000);
  assert.equal(runs, 1);
});

Deno.test("runLater: an abort, before it or meanwhile, leaves no timer", async () => {
  for (const isBefore of [true, false]) {
    const clock = new FakeClock();
    const ending = new AbortController();
    if (isBefore) ending.abort();
    const never = () => assert.fail("it ran");
    runLater(clock, { ms: 100, signal: ending.signal }, never);
    ending.abort();
    assert.equal(clock.pending, 0);
    await clock.advance(1_000);
  }
});

Deno.test("sleep, pause: an abort ends them at once without a timer left, the one with its reason", async () => {
  const clock = new FakeClock();
  const ending = new AbortController();
  const { signal } = ending;
  const slept = assert.rejects(sleep(clock, 100, signal), /enough/);
  const paused = pause(clock, { ms: 100, signal });
  ending.abort(new Error("enough"));
  await Promise.all([slept, paused]);
  assert.equal(clock.pending, 0);
});
