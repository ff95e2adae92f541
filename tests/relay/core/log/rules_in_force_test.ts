import assert from "node:assert/strict";
import { Nodes } from "../../../../relay/core/log/nodes.ts";
import type { Op } from "../../../../relay/core/log/op.ts";
import { RulesInForce } from "../../../../relay/core/log/rules_in_force.ts";

const HOUR_MS = 3_600_000;
const START = 1_800_000_000_000;

/** Relays by name with the rules that each knows; null for one that has said nothing yet. */
function nodes(known: Readonly<Record<string, number | null>>): Nodes {
  const made = new Nodes();
  made.restore(
    Object.entries(known).map(([node, knows]) => ({
      ...{ node, boot: 1, n: 1, isGone: false, lastAt: START, missed: {} },
      ...(knows === null ? {} : {
        said: { knows, settings: "", checkpoint: { ops: 0, digest: "" } },
      }),
    })),
  );
  return made;
}

const rules = (version: number): Op => ({ op: "rules", version });

Deno.test("RulesInForce: rules are due once all relays know them, and the newest that all know", () => {
  const due = (known: Parameters<typeof nodes>[0]) =>
    new RulesInForce().due(nodes(known), START);
  assert.equal(due({}), null);
  assert.equal(due({ a: 1, b: 1 }), null);
  assert.equal(due({ a: 2, b: 1 }), null);
  assert.equal(due({ a: 2, b: null }), null);
  assert.equal(due({ a: 2, b: 2 }), 2);
  assert.equal(due({ a: 4, b: 3 }), 3);
});

Deno.test("RulesInForce: a relay that is gone for less than an hour must know them too", () => {
  const known = nodes({ a: 2, b: 1 });
  const gone = known.get("b");
  assert.ok(gone);
  gone.isGone = true;
  const force = new RulesInForce();
  assert.equal(force.due(known, START + HOUR_MS - 1), null);
  assert.equal(force.due(known, START + HOUR_MS), 2);
});

Deno.test("RulesInForce.applied: what an op asks for is judged once more, and remembered where it holds", () => {
  const force = new RulesInForce();
  assert.deepEqual(force.applied([rules(2)], nodes({ a: 2, b: 1 }), START), []);
  assert.equal(force.version, 1);
  const known = nodes({ a: 2, b: 2 });
  assert.deepEqual(force.applied([rules(3)], known, START), []);
  assert.deepEqual(force.applied([rules(1), rules(0)], known, START), []);
  assert.deepEqual(force.applied([rules(2)], known, START), [["rules", "2"]]);
  assert.equal(force.version, 2);
  assert.deepEqual(force.applied([rules(2)], known, START), [], "once");
  const again = new RulesInForce();
  again.restore([["nodes", "[]"], ["rules", "2"]]);
  assert.equal(again.version, 2);
});
