import assert from "node:assert/strict";
import { CheckDemand } from "../../../../relay/shell/checks/check_demand.ts";

/** A demand that hears, each 100 ms, which share of them frames took. */
function demand() {
  const one = new CheckDemand();
  let [now, busy] = [0, 0];
  one.note(now, busy);
  return (...shares: readonly number[]): boolean => {
    for (const share of shares) {
      now += 100;
      busy += share * 100;
      one.note(now, busy);
    }
    return one.isOn;
  };
}

Deno.test("CheckDemand: two windows in a row that are mostly work call for others, one alone does not", () => {
  const after = demand();
  assert.equal(after(0.9), false);
  assert.equal(after(0.1, 0.9, 0.1, 0.9), false);
  assert.equal(after(0.6), true);
});

Deno.test("CheckDemand: once others help it goes on while there is a third of the work, and ends half a second after", () => {
  const after = demand();
  assert.equal(after(0.9, 0.9), true);
  assert.equal(after(0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3), true);
  assert.equal(after(0.1, 0.1, 0.1, 0.1), true);
  assert.equal(after(0.1), false);
  assert.equal(after(0.5, 0.5), false);
});

Deno.test("CheckDemand: what came after a rest counts for the whole of it", () => {
  const one = new CheckDemand();
  one.note(0, 0);
  one.note(100, 90);
  one.note(200, 180);
  assert.equal(one.isOn, true);
  one.note(60_200, 190);
  assert.equal(one.isOn, false);
});
