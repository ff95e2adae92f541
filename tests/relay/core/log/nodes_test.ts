import assert from "node:assert/strict";
import { Checkpoints } from "../../../../relay/core/log/checkpoints.ts";
import { MISSED_TICKS, Nodes } from "../../../../relay/core/log/nodes.ts";
import type { OpBatch, TickOp } from "../../../../relay/core/log/op.ts";
import { refusalToBegin, verdict } from "../../../../relay/core/log/verdict.ts";

const batch = (node: string, boot: number, n: number): OpBatch => ({
  ...{ v: 1, node, boot, n, at: 0, ops: [] },
});

const tick = (settings = "s", digest = "d", ops = 1_000): TickOp => ({
  ...{ op: "tick", knows: 1, settings, checkpoint: { ops, digest } },
});

/** A node's next batch of its first boot, with a tick in it. */
class Ticker {
  readonly nodes = new Nodes();
  readonly #n = new Map<string, number>();

  tick(node: string, said: TickOp = tick()): string[] {
    const n = (this.#n.get(node) ?? 0) + 1;
    this.#n.set(node, n);
    assert.ok(this.nodes.take(batch(node, 1, n), n));
    return this.nodes.ticked(node, said);
  }
}

Deno.test("Nodes.take: a batch counts if its n is the next of its boot, or the first of a later one; once", () => {
  const nodes = new Nodes();
  const counts = (node: string, boot: number, n: number) =>
    nodes.take(batch(node, boot, n), 0)?.isNewBoot ?? "void";
  assert.equal(counts("a", 5, 2), "void");
  assert.equal(counts("a", 5, 1), true);
  assert.equal(counts("a", 5, 1), "void");
  assert.equal(counts("a", 5, 3), "void");
  assert.equal(counts("a", 5, 2), false);
  assert.equal(counts("b", 1, 1), true);
  assert.equal(counts("a", 4, 1), "void");
  assert.equal(counts("a", 9, 2), "void");
  assert.equal(counts("a", 9, 1), true);
  assert.equal(counts("a", 5, 3), "void");
});

Deno.test("Nodes.ticked: who says nothing for four ticks of one other is gone, and so is its boot", () => {
  const log = new Ticker();
  log.tick("a");
  log.tick("b");
  log.tick("c");
  for (let i = 1; i < MISSED_TICKS; i++) assert.deepEqual(log.tick("a"), []);
  log.tick("c");
  assert.deepEqual(log.tick("a"), ["b"]);
  assert.equal(log.nodes.take(batch("b", 1, 2), 0), null);
  assert.deepEqual(log.nodes.take(batch("b", 2, 1), 0), { isNewBoot: true });
  assert.deepEqual(log.nodes.alive().map(({ node }) => node), ["a", "b", "c"]);
});

Deno.test("Nodes.ticked: ticks of several others are not added up, since after a stall of the log they come at once", () => {
  const log = new Ticker();
  for (const node of ["a", "b", "c", "d", "e", "f"]) log.tick(node);
  for (const node of ["a", "b", "c", "d", "e"]) {
    assert.deepEqual(log.tick(node), []);
  }
});

Deno.test("Nodes.restore: who was about to be gone still is", () => {
  const log = new Ticker();
  log.tick("a");
  log.tick("b");
  for (let i = 1; i < MISSED_TICKS; i++) log.tick("a");
  const rows = JSON.parse(JSON.stringify(log.nodes.rows()));
  const nodes = new Nodes();
  nodes.restore(rows);
  assert.ok(nodes.take(batch("a", 1, MISSED_TICKS + 1), 0));
  assert.deepEqual(nodes.ticked("a", tick()), ["b"]);
});

/** What node `own` must think where all nodes said this; "x" is what it holds itself. */
function judged(own: string, digests: Record<string, string>): boolean {
  const log = new Ticker();
  for (const [node, digest] of Object.entries(digests)) {
    log.tick(node, tick("s", digest));
  }
  const checkpoints = new Checkpoints();
  checkpoints.note({ ops: 1_000, digest: digests[own] ?? "" });
  const self = { node: own, settings: "s" };
  const { nodes } = log;
  return verdict(self, { nodes, checkpoints }, -1) !== null;
}

Deno.test("verdict: of those that differ the smaller group ends; of two equal ones the one without the first name", () => {
  assert.equal(judged("a", { a: "x", b: "x", c: "x" }), false);
  assert.equal(judged("a", { a: "y", b: "x", c: "x" }), true);
  assert.equal(judged("b", { a: "y", b: "x", c: "x" }), false);
  assert.equal(judged("a", { a: "x", b: "y" }), false);
  assert.equal(judged("b", { a: "x", b: "y" }), true);
  assert.equal(judged("c", { a: "x", b: "x", c: "y", d: "y" }), true);
  assert.equal(judged("b", { a: "x", b: "x", c: "y", d: "y" }), false);
});

Deno.test("verdict: a checkpoint that this relay does not remember says nothing", () => {
  const log = new Ticker();
  log.tick("a");
  log.tick("b", tick("s", "other", 2_000));
  log.tick("c", tick("s", "other", 2_000));
  const checkpoints = new Checkpoints();
  checkpoints.note({ ops: 1_000, digest: "d" });
  const own = { node: "a", settings: "s" };
  assert.equal(verdict(own, { nodes: log.nodes, checkpoints }, -1), null);
  checkpoints.note({ ops: 2_000, digest: "d" });
  assert.equal(verdict(own, { nodes: log.nodes, checkpoints }, -1), "view");
});

Deno.test("refusalToBegin: a relay with other settings than all that serve begins not, whatever its name", () => {
  const log = new Ticker();
  assert.equal(
    refusalToBegin({ node: "a", settings: "s" }, log.nodes, -1),
    null,
  );
  log.tick("b", tick("theirs"));
  assert.match(
    refusalToBegin({ node: "a", settings: "s" }, log.nodes, -1) ?? "",
    /settings/,
  );
  assert.equal(
    refusalToBegin({ node: "a", settings: "theirs" }, log.nodes, -1),
    null,
  );
});
