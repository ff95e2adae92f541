import assert from "node:assert/strict";
import fc from "fast-check";
import { PacedEvents } from "../../../lib/client/paced_events.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

/** A clock on which each frame that is read takes so many milliseconds. */
class SlowReading extends FakeClock {
  ms = 0;
  #read = 0;

  override monotonic(): number {
    return super.monotonic() + this.#read;
  }

  read(): void {
    this.#read += this.ms;
  }
}

function rig(msAFrame = 0) {
  const clock = new SlowReading();
  clock.ms = msAFrame;
  const seen: string[] = [];
  const failures: unknown[] = [];
  let thrown: unknown;
  const note = (line: string) => {
    seen.push(line);
    clock.read();
    if (thrown !== undefined) throw thrown;
  };
  const paced = new PacedEvents({
    text: (text) => note(text),
    refused: (reason) => note(`refused ${reason}`),
    overrun: () => note("overrun"),
    ended: ({ code }) => note(`ended ${code}`),
  }, { clock, failed: (error) => failures.push(error) });
  return {
    ...{ clock, seen, failures, paced },
    failWith: (error: unknown) => thrown = error,
  };
}

Deno.test("PacedEvents: what comes one by one is passed on at once", async () => {
  const { paced, seen, clock } = rig();
  for (const text of ["a", "b", "c"]) paced.text(text);
  assert.deepEqual(seen, ["a", "b", "c"]);
  await clock.advance(10);
  assert.equal(clock.pending, 0, "no timer stays");
});

Deno.test("PacedEvents: past a slice of 2 ms the rest waits its turn, and others have theirs in between", async () => {
  const { paced, seen, clock } = rig(0.8);
  for (let n = 0; n < 10; n++) paced.text(`${n}`);
  paced.ended({ code: 1006, reason: "" });
  assert.equal(seen.length, 3, "0.8, 1.6, 2.4 ms");
  const lengths: number[] = [];
  for (let turn = 0; turn < 4; turn++) {
    clock.after(0, () => lengths.push(seen.length));
  }
  await clock.advance(100);
  assert.deepEqual(
    seen,
    [...Array(10).keys()].map(String).concat("ended 1006"),
  );
  assert.ok(lengths[0]! < 10, "somebody else was served before it was over");
  assert.equal(clock.pending, 0);
});

Deno.test("PacedEvents: any events at any speed come out whole and in order", async () => {
  const events = fc.array(
    fc.record({
      ms: fc.integer({ min: 0, max: 9 }),
      kind: fc.constantFrom("text", "binary", "wait"),
    }),
    { maxLength: 60 },
  );
  await fc.assert(
    fc.asyncProperty(events, async (list) => {
      const { paced, seen, clock } = rig();
      const wanted: string[] = [];
      for (const [n, { ms, kind }] of list.entries()) {
        clock.ms = ms;
        if (kind === "wait") await clock.advance(1);
        else if (kind === "binary") {
          wanted.push("refused binary");
          paced.refused("binary");
        } else {
          wanted.push(`${n}`);
          paced.text(`${n}`);
        }
      }
      paced.ended({ code: 1000, reason: "" });
      await clock.advance(1_000);
      assert.deepEqual(seen, [...wanted, "ended 1000"]);
    }),
    { numRuns: 100 },
  );
});

Deno.test("PacedEvents: past 8 MB that wait frames go by unread, which is told once, in its place", async () => {
  const { paced, seen, clock } = rig(10);
  const large = "x".repeat(1024 * 1024);
  for (let n = 0; n < 20; n++) paced.text(large);
  await clock.advance(1_000);
  assert.equal(seen.filter((one) => one === "overrun").length, 1);
  assert.equal(seen.at(-1), "overrun");
  const read = seen.length - 1;
  assert.ok(read >= 8 && read <= 10, `${read}`);
  paced.text("after");
  await clock.advance(10);
  assert.equal(seen.at(-1), "after");
});

Deno.test("PacedEvents: frames that are no text are bounded too", async () => {
  const { paced, seen, clock } = rig(10);
  for (let n = 0; n < 100_000; n++) paced.refused("binary");
  await clock.advance(1_000_000);
  assert.ok(seen.length < 50_000, `${seen.length}`);
  assert.equal(seen.at(-1), "overrun");
});

Deno.test("PacedEvents.stop: nothing more is passed on, nothing waits", async () => {
  const { paced, seen, clock } = rig(10);
  paced.text("a");
  paced.text("b");
  paced.stop();
  paced.text("c");
  await clock.advance(100);
  assert.deepEqual(seen, ["a"]);
  assert.equal(clock.pending, 0);
});

Deno.test("PacedEvents: what a receiver throws is told, at once or from a later slice", async () => {
  const { paced, failures, clock, failWith } = rig(10);
  paced.text("a");
  paced.text("b");
  const error = new Error("a fault of ours");
  failWith(error);
  await clock.advance(100);
  assert.deepEqual(failures, [error]);
  paced.text("c");
  await clock.advance(100);
  assert.deepEqual(failures, [error, error]);
});
