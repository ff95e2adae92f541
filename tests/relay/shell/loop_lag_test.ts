import assert from "node:assert/strict";
import type { Clock, Timer } from "../../../lib/clock.ts";
import { LoopLag } from "../../../relay/shell/loop_lag.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

/** A clock that counts its timers; while the loop is blocked, time passes and none of them runs. */
class BlockableClock implements Clock {
  timers = 0;
  readonly #clock = new FakeClock();
  #blockedMs = 0;

  wall(): number {
    return this.#clock.wall() + this.#blockedMs;
  }

  monotonic(): number {
    return this.#clock.monotonic() + this.#blockedMs;
  }

  after(ms: number, action: () => void): Timer {
    this.timers++;
    return this.#clock.after(ms, action);
  }

  advance(ms: number): Promise<void> {
    return this.#clock.advance(ms);
  }

  block(ms: number): void {
    this.#blockedMs += ms;
  }
}

function watched() {
  const clock = new BlockableClock();
  const lag = new LoopLag(clock);
  lag.start();
  return { clock, lag };
}

Deno.test("LoopLag: at rest it looks once a second, with work ten times, until there was none for a second", async () => {
  const { clock, lag } = watched();
  await clock.advance(10_000);
  assert.equal(clock.timers, 11);
  for (let i = 0; i < 100; i++) {
    lag.worked();
    await clock.advance(100);
  }
  const working = clock.timers - 11;
  assert.ok(working >= 99 && working <= 101, `${working} timers in 10 s`);
  clock.timers = 0;
  await clock.advance(10_000);
  assert.ok(clock.timers <= 20, `${clock.timers} timers in 10 s of rest`);
});

Deno.test("LoopLag: a stall of the first work after a rest is seen, for a minute", async () => {
  const { clock, lag } = watched();
  await clock.advance(10_500);
  assert.equal(lag.most, 0);
  lag.worked();
  clock.block(250);
  await clock.advance(100);
  assert.equal(lag.most, 250);
  await clock.advance(59_000);
  assert.equal(lag.most, 250);
  await clock.advance(3_000);
  assert.equal(lag.most, 0);
});

Deno.test("LoopLag: what held the loop up before work came is no less seen", async () => {
  const { clock, lag } = watched();
  await clock.advance(900);
  clock.block(400);
  lag.worked();
  assert.equal(lag.most, 300);
});

Deno.test("LoopLag: one that was stopped starts no timer, whatever comes", async () => {
  const { clock, lag } = watched();
  lag.stop();
  lag.worked();
  await clock.advance(10_000);
  assert.equal(clock.timers, 1);
});
