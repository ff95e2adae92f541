import assert from "node:assert/strict";
import fc from "fast-check";
import { SlidingWindow } from "../../../relay/core/sliding_window.ts";

const SPAN = 1_000;

/** Keeps every event for ever and counts anew each time. */
class NaiveWindow {
  readonly #most: number;
  readonly #events: { key: string; at: number }[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** The first whole millisecond from now at which one more event breaks nothing. */
  wait(key: string, now: number): number {
    for (let wait = 0;; wait++) {
      const edge = now + wait - SPAN;
      const recent = this.#events.filter((event) =>
        event.key === key && event.at > edge
      );
      if (recent.length < this.#most) return wait;
    }
  }

  take(key: string, now: number): number {
    const wait = this.wait(key, now);
    if (wait === 0) this.#events.push({ key, at: now });
    return wait;
  }
}

Deno.test("SlidingWindow: agrees with a naive count, waits included", () => {
  const event = fc.record({
    key: fc.constantFrom("a", "b"),
    after: fc.integer({ min: 0, max: 600 }),
    sweep: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.array(event, { maxLength: 30 }),
      (most, events) => {
        const window = new SlidingWindow({ most, spanMs: SPAN, keys: 10 });
        const naive = new NaiveWindow(most);
        let now = 5_000;
        for (const { key, after, sweep } of events) {
          now += after;
          if (sweep) window.sweep(now);
          assert.equal(window.take(key, now), naive.take(key, now));
        }
      },
    ),
    { numRuns: 2_000 },
  );
});

Deno.test("SlidingWindow: after the wait that it named, and no earlier, one more is allowed", () => {
  const window = new SlidingWindow({ most: 2, spanMs: SPAN, keys: 10 });
  window.take("a", 0.25);
  window.take("a", 400);
  const wait = window.take("a", 500);
  assert.ok(window.wait("a", 500 + wait - 1) > 0);
  assert.equal(window.take("a", 500 + wait), 0);
});

Deno.test("SlidingWindow: keys are bounded, swept, and none kept without a limit", () => {
  const window = new SlidingWindow({ most: 1, spanMs: SPAN, keys: 3 });
  for (let i = 0; i < 100; i++) window.take(`k${i}`, i);
  assert.equal(window.size, 3);
  window.sweep(98 + SPAN);
  assert.equal(window.size, 1);
  const open = new SlidingWindow({ most: Infinity, spanMs: SPAN, keys: 3 });
  for (let i = 0; i < 100; i++) assert.equal(open.take("a", 0), 0);
  assert.equal(open.size, 0);
});
