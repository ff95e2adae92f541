import type {
  ClusterView,
  NodeView,
} from "../../lib/admin_api/cluster_status.ts";

/** How the cluster stands, as one of its relays sees it: itself, the log, and a line for each relay. */
export function clusterStatus(view: ClusterView): string {
  const { node, boot, trouble, nodes } = view;
  return [
    `relay ${node}, started ${new Date(boot).toISOString()}: ${
      trouble === null ? "serves" : `does not serve: ${trouble}`
    }`,
    logLine(view),
    ...table(nodes, view),
  ].join("\n");
}

function logLine(view: ClusterView): string {
  const { position, ops, rules, behind, lag_ms, skew_ms } = view;
  const { waiting_ops, waiting_bytes } = view;
  const clock = skew_ms === null ? "" : `, clock ${skew_ms} ms off the log's`;
  return `log: at ${position} (${ops} ops, rules ${rules}), ${behind} behind, own tick ${
    seconds(lag_ms)
  } ago, ${waiting_ops} ops wait (${waiting_bytes} bytes)${clock}`;
}

function table(
  nodes: readonly NodeView[],
  { node: own }: ClusterView,
): string[] {
  const rows = nodes.map((one) => [
    one.node === own ? `${one.node} (this one)` : one.node,
    one.is_gone ? "gone" : "here",
    `last batch ${seconds(one.silent_ms)} ago`,
    `${one.ops} ops`,
    one.digest === "" ? "no digest yet" : `digest ${one.digest.slice(0, 12)}`,
    EQUAL[`${one.is_equal}`],
    `knows rules ${one.knows}`,
  ]);
  const widths = (rows[0] ?? []).map((_, i) =>
    Math.max(...rows.map((row) => row[i]?.length ?? 0))
  );
  return rows.map((row) =>
    `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ")}`
      .trimEnd()
  );
}

/** Whether it wrote the same as this relay. */
const EQUAL = {
  true: "equal",
  false: "DIFFERS",
  null: "not compared",
} as const;

/** Whether all is as it should be: it serves, every relay is here, and nobody wrote anything else. */
export function isWell({ trouble, nodes }: ClusterView): boolean {
  return trouble === null &&
    nodes.every((node) => !node.is_gone && node.is_equal !== false);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
