import assert from "node:assert/strict";
import { SteadyTime } from "../../lib/steady_time.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WALL = 1_800_000_000_000;

/** Reads the time each second from `mono` on, with the wall clock so far ahead of what it should be. */
function run(
  time: SteadyTime,
  span: { readonly from: number; readonly to: number; readonly ahead: number },
): number | null {
  let last: number | null = null;
  for (let mono = span.from; mono <= span.to; mono += 1_000) {
    last = time.at(WALL + mono + span.ahead, mono);
  }
  return last;
}

Deno.test("SteadyTime: a clock that jumps for a while changes nothing, one that stays is believed after the time set", () => {
  const time = new SteadyTime(HOUR);
  time.believe(WALL, 0);
  assert.equal(run(time, { from: 0, to: 10_000, ahead: 0 }), WALL + 10_000);
  const ahead = 40 * DAY;
  assert.equal(run(time, { from: 11_000, to: 15_000, ahead }), WALL + 15_000);
  assert.equal(
    run(time, { from: 16_000, to: 20_000, ahead: 0 }),
    WALL + 20_000,
  );
  const from = 21_000;
  const almost = from + HOUR - 1_000;
  assert.equal(run(time, { from, to: almost, ahead }), WALL + almost);
  const over = from + HOUR;
  assert.equal(run(time, { from: over, to: over, ahead }), WALL + over + ahead);
});

Deno.test("SteadyTime: a clock that jumps again and again is never believed; one set back is at once", () => {
  const time = new SteadyTime(HOUR);
  time.believe(WALL, 0);
  for (let mono = 0; mono < 3 * HOUR; mono += 60_000) {
    assert.equal(time.at(WALL + mono + mono * 24, mono), WALL + mono);
  }
  assert.equal(time.at(WALL - DAY, 3 * HOUR), WALL - DAY);
});

Deno.test("SteadyTime: small corrections are followed, and a start without anything known waits", () => {
  const time = new SteadyTime(HOUR);
  let ahead = 0;
  let at: number | null = null;
  for (let mono = 0; mono <= 2 * HOUR; mono += 1_000) {
    at = time.at(WALL + mono + (ahead += 1), mono);
    if (mono < HOUR) assert.equal(at, null);
  }
  assert.equal(at, WALL + 2 * HOUR + ahead);
});
