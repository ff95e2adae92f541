import type {
  ClusterView,
  NodeView,
} from "../../../lib/admin_api/cluster_status.ts";
import type { Applier } from "./applier.ts";
import type { Checkpoints } from "./checkpoints.ts";
import type { LogHealth } from "./log_health.ts";
import type { Nodes } from "./nodes.ts";
import type { Submitter } from "./submitter.ts";

export function submitterView(
  { boot, waiting }: Submitter,
): Pick<ClusterView, "boot" | "waiting_ops" | "waiting_bytes"> {
  return { boot, waiting_ops: waiting.ops, waiting_bytes: waiting.bytes };
}

export function healthView(
  { silentMs, skewMs, trouble }: LogHealth,
): Pick<ClusterView, "lag_ms" | "skew_ms" | "trouble"> {
  return { lag_ms: Math.round(silentMs), skew_ms: skewMs, trouble };
}

export function applierView(
  { nodes, checkpoints, time, ops, rules }: Applier,
): Pick<ClusterView, "ops" | "rules" | "nodes"> {
  return { ops, rules, nodes: nodeViews(nodes, checkpoints, time.wall) };
}

/** @param at the log's time. */
function nodeViews(
  nodes: Nodes,
  checkpoints: Checkpoints,
  at: number,
): NodeView[] {
  return nodes.rows().map(({ node, boot, isGone, lastAt, said }) => ({
    node,
    boot,
    is_gone: isGone,
    silent_ms: Math.max(0, at - lastAt),
    ops: said?.checkpoint.ops ?? 0,
    digest: said?.checkpoint.digest ?? "",
    is_equal: said === undefined ? null : checkpoints.agrees(said.checkpoint),
    knows: said?.knows ?? 0,
  }));
}
