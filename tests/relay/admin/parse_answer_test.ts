import assert from "node:assert/strict";
import fc from "fast-check";
import { parseAnswer } from "../../../relay/admin/parse_answer.ts";

const VIEW = {
  node: "a",
  boot: 1_700_000_000_000,
  position: 7,
  rules: 1,
  ops: 9,
  behind: 0,
  lag_ms: 400,
  skew_ms: null,
  waiting_ops: 0,
  waiting_bytes: 0,
  trouble: null,
  nodes: [{
    node: "b",
    boot: 1,
    is_gone: false,
    silent_ms: 5,
    ops: 8,
    digest: "ab",
    is_equal: true,
    knows: 1,
  }],
};

Deno.test("parseAnswer cluster: a view comes back as it was sent; of a relay by itself there is none", () => {
  assert.deepEqual(parseAnswer("cluster", VIEW), VIEW);
  assert.equal(parseAnswer("cluster", null), null);
});

Deno.test("parseAnswer: total on anything, and every view that it takes has its types", () => {
  const value = fc.oneof(
    fc.anything(),
    fc.record({
      node: fc.anything(),
      skew_ms: fc.anything(),
      trouble: fc.anything(),
      nodes: fc.oneof(fc.anything(), fc.array(fc.anything())),
    }),
  );
  fc.assert(fc.property(value, (told) => {
    for (const kind of ["list", "stats", "kick", "is_banned"] as const) {
      parseAnswer(kind, told);
    }
    const view = parseAnswer("cluster", told);
    if (view === null) return;
    assert.equal(typeof view.node, "string");
    assert.ok(view.skew_ms === null || Number.isFinite(view.skew_ms));
    assert.ok(view.trouble === null || typeof view.trouble === "string");
    for (const { is_equal } of view.nodes) {
      assert.ok([true, false, null].includes(is_equal));
    }
  }));
});
