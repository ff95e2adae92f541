import assert from "node:assert/strict";
import { Patience } from "../../../relay/cluster/patience.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

Deno.test("Patience: is over after 5 s in which nothing worked, then each 2 s; what works makes it begin anew", async () => {
  const clock = new FakeClock();
  let spent = 0;
  const patience = new Patience(clock, () => spent++);
  const fail = async (seconds: number) => {
    await clock.advance(seconds * 1_000);
    patience.failed();
    return spent;
  };
  assert.deepEqual(
    [await fail(0), await fail(4.9), await fail(0.1)],
    [0, 0, 1],
  );
  assert.deepEqual([await fail(1.9), await fail(0.1)], [1, 2]);
  patience.worked();
  assert.deepEqual([await fail(60), await fail(4.9), await fail(1)], [2, 2, 3]);
});
