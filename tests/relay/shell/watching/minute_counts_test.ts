import assert from "node:assert/strict";
import fc from "fast-check";
import {
  MinuteCounts,
  MINUTES,
} from "../../../../relay/shell/watching/minute_counts.ts";

const MINUTE = 60_000;

Deno.test("MinuteCounts: each minute has what was said in it, as a plain list of times says", () => {
  const steps = fc.array(fc.integer({ min: 0, max: 70 * MINUTE }), {
    maxLength: 60,
  });
  fc.assert(fc.property(steps, (gaps) => {
    const counts = new MinuteCounts();
    const times: number[] = [];
    let now = 1_800_000_000_000;
    for (const gap of gaps.map((gap) => gap % (gap % 3 === 0 ? 1e9 : 90_000))) {
      now += gap;
      times.push(now);
      counts.add("r", now);
    }
    const minute = Math.floor(now / MINUTE);
    const wanted = Array.from(
      { length: 30 },
      (_, at) =>
        times.filter((time) => Math.floor(time / MINUTE) === minute - 29 + at)
          .length,
    );
    const got = counts.of("r", 30, now);
    assert.deepEqual(got, times.length === 0 ? [] : wanted);
  }));
});

Deno.test("MinuteCounts.sweep: a room that was silent for as long as is remembered is forgotten, no other", () => {
  const counts = new MinuteCounts();
  counts.add("old", 0);
  counts.add("new", MINUTE);
  counts.sweep(MINUTES * MINUTE);
  assert.equal(counts.size, 1);
  assert.deepEqual(counts.of("old", 2, MINUTES * MINUTE), []);
  assert.deepEqual(counts.of("new", 2, MINUTE), [0, 1]);
});

Deno.test("MinuteCounts.add: a clock that is set back loses nothing", () => {
  const counts = new MinuteCounts();
  counts.add("r", 10 * MINUTE);
  counts.add("r", 3 * MINUTE);
  assert.deepEqual(counts.of("r", 2, 10 * MINUTE), [0, 2]);
});
