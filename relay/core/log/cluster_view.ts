import type { NodeView } from "../../../lib/admin_api/cluster_status.ts";
import type { Checkpoints } from "./checkpoints.ts";
import type { Nodes } from "./nodes.ts";

/** @param at the log's time. */
export function nodeViews(
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
