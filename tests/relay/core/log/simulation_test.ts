import assert from "node:assert/strict";
import fc from "fast-check";
import { DirectRequests } from "../../../../relay/core/edge/direct_requests.ts";
import { Nodes } from "../../../../relay/core/log/nodes.ts";
import { RulesInForce } from "../../../../relay/core/log/rules_in_force.ts";
import { RoomsState } from "../../../../relay/core/rooms/rooms_state.ts";
import { InboxRows } from "../../../../relay/store/inbox_rows.ts";
import { schedules } from "../../../fakes/sim_schedules.ts";
import type { Broken } from "../../../fakes/sim_world.ts";

/** The full form is tests/slow/cluster_simulation_test.ts. */
const RUNS = 60;

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

Deno.test("the simulation sees it when what waits for an agent does not come to it at its login", () => {
  const { deliver } = DirectRequests.prototype;
  DirectRequests.prototype.deliver = () => {};
  try {
    isCaught();
  } finally {
    DirectRequests.prototype.deliver = deliver;
  }
});

Deno.test("the simulation sees it when what an agent has signed for waits still", () => {
  const { take } = InboxRows.prototype;
  InboxRows.prototype.take = ({ token }) => ({ kind: "stored", token });
  try {
    isCaught();
  } finally {
    InboxRows.prototype.take = take;
  }
});

Deno.test("the simulation sees it when what readers tell stays at their own relay", () => {
  const { send } = RoomsState.prototype;
  RoomsState.prototype.send = function (seat, text) {
    const isMarks = seat.node !== "a" && text().includes('"marks"');
    if (!isMarks) send.call(this, seat, text);
  };
  try {
    isCaught();
  } finally {
    RoomsState.prototype.send = send;
  }
});

Deno.test("a simulated upgrade, relay by relay among all that may happen: nobody stops, nobody forks, and the newer rules hold once all know them", () => {
  fc.assert(schedules({ isUpgrading: true }), { numRuns: RUNS / 3 });
});

Deno.test("the simulation sees it when newer rules hold before all know them", () => {
  const { due } = RulesInForce.prototype;
  RulesInForce.prototype.due = function (nodes) {
    const newest = nodes.rows().map(({ said }) => said?.knows ?? 0);
    return Math.max(...newest) > this.version ? Math.max(...newest) : null;
  };
  try {
    isCaught({ isUpgrading: true });
  } finally {
    RulesInForce.prototype.due = due;
  }
});

Deno.test("the simulation sees it when a relay goes on by rules that it does not know", () => {
  isCaught({ isUpgrading: true, isGuessing: true });
});
