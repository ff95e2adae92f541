import assert from "node:assert/strict";
import { Checkpoints } from "../../../../relay/core/log/checkpoints.ts";
import { Nodes } from "../../../../relay/core/log/nodes.ts";
import { Standing } from "../../../../relay/core/log/standing.ts";
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

/** What other relays say, by the log's time; 1,000 ops came to "d" at the one that hears it. */
class Others {
  readonly nodes = new Nodes();
  readonly checkpoints = new Checkpoints();
  time = { wall: 0, mono: 0 };

  constructor() {
    this.checkpoints.note({ ops: 1_000, digest: "d" });
  }

  say(node: string, said: { digest?: string; settings?: string } = {}): void {
    const { digest = "d", settings = "s" } = said;
    const checkpoint = { ops: 1_000, digest };
    const op = { op: "tick", knows: 1, settings, checkpoint } as const;
    const n = (this.nodes.get(node)?.n ?? 0) + 1;
    const batch = { v: 1, node, boot: 1, n, at: 0, ops: [op] };
    assert.ok(this.nodes.take(batch, this.time.wall));
    this.nodes.ticked(node, op);
  }

  pass(ms: number): void {
    const now = this.time.wall + ms;
    this.time = { wall: now, mono: now };
  }
}

/** The relay whose name comes last, and others of which it hears. */
function standing(own: { settings?: string } = {}) {
  const others = new Others();
  const one = new Standing({ node: "z", settings: "s", ...own }, others);
  return { others, one };
}

Deno.test("Standing: who said otherwise a moment before is waited for, and counts once it is heard again, or after 5 s no more", () => {
  for (const isHeard of [true, false]) {
    const { others, one } = standing();
    others.say("b", { digest: "other" });
    others.pass(1_000);
    assert.equal(one.judge(), null);
    assert.equal(one.reached(others.time), null);
    assert.equal(one.isInDoubt, true);
    assert.equal(one.judge(), null, "only of before");
    others.pass(4_999);
    assert.equal(one.tick(others.time), false);
    if (isHeard) others.say("b", { digest: "other" });
    assert.equal(one.judge(), isHeard ? "view" : null);
    others.pass(1);
    assert.equal(one.tick(others.time), true);
    assert.equal(one.isInDoubt, false);
    assert.equal(one.tick(others.time), false, "once");
  }
});

Deno.test("Standing: nobody is waited for where all say the same, or said it longer ago", () => {
  const { others, one } = standing();
  others.say("b", { digest: "other" });
  others.pass(5_000);
  others.say("c");
  assert.equal(one.reached(others.time), null);
  assert.equal(one.isInDoubt, false);
});

Deno.test("Standing: who comes with other settings than the one that serves is refused, whatever its name; than one that served, not", () => {
  for (const [ms, isRefused] of [[4_999, true], [5_000, false]] as const) {
    const { others, one } = standing({ settings: "new" });
    others.say("zz");
    others.pass(ms);
    assert.equal(one.reached(others.time) !== null, isRefused);
  }
});
