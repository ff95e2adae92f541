import assert from "node:assert/strict";
import fc from "fast-check";
import { Nodes } from "../../../../relay/core/log/nodes.ts";
import { schedules } from "../../../fakes/sim_schedules.ts";
import type { Broken } from "../../../fakes/sim_world.ts";

/** The full form is tests/slow/cluster_simulation_test.ts. */
const RUNS = 100;

Deno.test("a simulated cluster: what is acknowledged is kept, once, in order, and all relays agree, whatever happens", () => {
  fc.assert(schedules(), { numRuns: RUNS });
});

/** The cluster with one rule broken must be caught. */
function isCaught(broken: Broken = {}): void {
  const found = fc.check(schedules(broken), {
    numRuns: 500,
    endOnFailure: true,
  });
  assert.ok(found.failed, "no schedule shows it");
  assert.ok(found.errorInstance instanceof assert.AssertionError);
}

Deno.test("the simulation sees it when every batch counts, however often it comes", () => {
  const { take } = Nodes.prototype;
  Nodes.prototype.take = function (batch, at) {
    return take.call(this, batch, at) ?? { isNewBoot: false };
  };
  try {
    isCaught();
  } finally {
    Nodes.prototype.take = take;
  }
});

Deno.test("the simulation sees it when nobody is ever gone", () => {
  const { ticked } = Nodes.prototype;
  Nodes.prototype.ticked = function (node, tick) {
    ticked.call(this, node, tick);
    return [];
  };
  try {
    isCaught();
  } finally {
    Nodes.prototype.ticked = ticked;
  }
});

Deno.test("the simulation sees it when what a relay says counts for it before the log has it", () => {
  isCaught({ isEager: true });
});
