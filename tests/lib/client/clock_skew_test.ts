import assert from "node:assert/strict";
import { ClockSkew } from "../../../lib/client/clock_skew.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

for (
  const [name, relayAfterAsking, expected] of [
    ["a relay's time between question and answer is no skew", 2_000, 0],
    ["at the very start is no skew", 0, 0],
    ["before the question: we are ahead", -7_000, 7_000],
    ["after the answer: we are behind", 10_000, -6_000],
  ] as const
) {
  Deno.test(`ClockSkew: ${name}`, async () => {
    const clock = new FakeClock();
    const skew = new ClockSkew(clock);
    const askedAt = clock.monotonic();
    const asked = clock.wall();
    await clock.advance(4_000);
    skew.note(asked + relayAfterAsking, askedAt);
    assert.equal(skew.ms, expected);
  });
}

Deno.test("ClockSkew: times of no plausible year say nothing", () => {
  const clock = new FakeClock();
  const skew = new ClockSkew(clock);
  for (const time of [0, -60_000, 1_800_000_000, 1e15]) {
    skew.note(time, clock.monotonic());
  }
  assert.equal(skew.ms, undefined);
});

for (
  const [name, jumpMs, expected] of [
    ["set back counts at once", -10_000, -10_000],
    ["corrected by less than a second is as it was", -900, 0],
    ["that goes on after a host's short sleep is as it was", 80_000, 0],
    ["set far ahead counts", 3_600_000, 3_600_000],
  ] as const
) {
  Deno.test(`ClockSkew: a clock ${name}`, async () => {
    const clock = new FakeClock();
    const skew = new ClockSkew(clock);
    skew.note(clock.wall(), clock.monotonic());
    await clock.advance(100_000);
    assert.equal(skew.ms, 0);
    clock.jumpWall(jumpMs);
    assert.equal(skew.ms, expected);
    skew.note(clock.wall(), clock.monotonic());
    assert.equal(skew.ms, 0, "until the relay tells its time anew");
  });
}
