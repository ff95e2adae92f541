import assert from "node:assert/strict";
import { ClusterBed } from "../../../fakes/cluster_bed.ts";
import type { SimRelay } from "../../../fakes/sim_relay.ts";
import { SimView } from "../../../fakes/sim_view.ts";

/** Relays with a room and a message in it. */
function talking(...nodes: string[]): { bed: ClusterBed; relays: SimRelay[] } {
  const bed = new ClusterBed();
  const relays = nodes.map((node) => bed.relay(node));
  bed.pass(3);
  const [first] = relays;
  assert.ok(first);
  bed.message(first, bed.member(first, 1), "tea:1");
  bed.pass(3);
  return { bed, relays };
}

function assertServes(...relays: readonly SimRelay[]): void {
  for (const { node, isUnfit, isServing, core, view } of relays) {
    assert.deepEqual(
      [isUnfit, core?.trouble, isServing],
      [null, null, true],
      node,
    );
    assert.equal(view.text(), relays[0]?.view.text(), node);
  }
}

Deno.test("Standing: settings are changed by stopping all relays and starting them again, in any order", () => {
  for (const order of ["abc", "cba", "bca"]) {
    const { bed, relays } = talking("a", "b", "c");
    for (const relay of relays) {
      relay.crash();
      relay.retainMs = 2e9;
    }
    bed.pass(10);
    for (const name of order) {
      relays.find(({ node }) => node === name)?.start();
      bed.pass(3);
    }
    assertServes(...relays);
  }
});

Deno.test("Standing: other settings than those that serve are refused, whoever comes with them", () => {
  for (const name of ["a", "c"]) {
    const { bed, relays } = talking("a", "b", "c");
    const late = relays.find(({ node }) => node === name) as SimRelay;
    late.crash();
    bed.pass(10);
    late.retainMs = 2e9;
    late.start();
    bed.pass(10);
    assert.match(late.isUnfit ?? "", /settings/);
    assertServes(...relays.filter((one) => one !== late));
  }
});

Deno.test("Standing: what a wrong view once said in the log keeps nobody out who reads it later", () => {
  const { bed, relays: [a, b] } = talking("a", "b") as {
    bed: ClusterBed;
    relays: [SimRelay, SimRelay];
  };
  b.crash();
  bed.pass(10);
  a.view.damage("UPDATE rooms SET next_seq = next_seq + 7");
  bed.pass(10);
  a.crash();
  a.view = new SimView();
  a.handed = 0;
  bed.pass(10);
  a.start();
  bed.pass(5);
  b.start();
  const c = bed.relay("c");
  bed.pass(5);
  assertServes(a, b, c);
  assert.equal(b.renewals, 0);
});

Deno.test("Standing: relays that all differ at once are all made anew, and serve again", () => {
  const { bed, relays } = talking("a", "b", "c");
  relays.forEach(({ view }, index) =>
    view.damage(`UPDATE rooms SET next_seq = next_seq + ${index + 1}`)
  );
  bed.pass(20);
  assert.deepEqual(relays.map(({ renewals }) => renewals), [1, 1, 1]);
  assertServes(...relays);
});
