import assert from "node:assert/strict";
import type { ClusterView } from "../../../lib/admin_api/cluster_status.ts";
import {
  clusterStatus,
  isWell,
} from "../../../commands/output/cluster_text.ts";

const NODE = {
  node: "a",
  boot: 1_700_000_000_000,
  is_gone: false,
  silent_ms: 300,
  ops: 12_000,
  digest: "abcdef0123456789",
  is_equal: true,
  knows: 1,
} as const;
const VIEW: ClusterView = {
  node: "a",
  boot: 1_700_000_000_000,
  position: 1_234,
  ops: 12_345,
  rules: 1,
  behind: 0,
  lag_ms: 420,
  skew_ms: -12,
  waiting_ops: 0,
  waiting_bytes: 0,
  trouble: null,
  nodes: [NODE, { ...NODE, node: "bravo", is_gone: true, is_equal: false }],
};

Deno.test("clusterStatus: itself, the log, and a line for each relay", () => {
  assert.equal(
    clusterStatus(VIEW),
    `relay a, started 2023-11-14T22:13:20.000Z: serves
log: at 1234 (12345 ops, rules 1), 0 behind, own tick 0.4 s ago, 0 ops wait (0 bytes), clock -12 ms off the log's
  a (this one)  here  last batch 0.3 s ago  12000 ops  digest abcdef012345  equal    knows rules 1
  bravo         gone  last batch 0.3 s ago  12000 ops  digest abcdef012345  DIFFERS  knows rules 1`,
  );
});

Deno.test("clusterStatus: why it does not serve, and what is not known", () => {
  const young = { ...NODE, digest: "", is_equal: null };
  const text = clusterStatus({
    ...VIEW,
    trouble: "catching up with the log",
    skew_ms: null,
    nodes: [young],
  });
  assert.match(text, /does not serve: catching up with the log/);
  assert.match(text, /no digest yet {2}not compared/);
  assert.doesNotMatch(text, /clock/);
});

Deno.test("isWell: it serves, all are here, nobody differs", () => {
  assert.ok(isWell({ ...VIEW, nodes: [NODE] }));
  assert.ok(isWell({ ...VIEW, nodes: [{ ...NODE, is_equal: null }] }));
  assert.ok(!isWell({ ...VIEW, nodes: [NODE], trouble: "x" }));
  assert.ok(!isWell({ ...VIEW, nodes: [{ ...NODE, is_gone: true }] }));
  assert.ok(!isWell({ ...VIEW, nodes: [{ ...NODE, is_equal: false }] }));
});
