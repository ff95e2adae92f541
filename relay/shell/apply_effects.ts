import { unreachable } from "../../lib/protocol/frames.ts";
import type { ClusterEffect, ConnId, Effect } from "../core/events.ts";
import type { AddressCounts } from "./address_counts.ts";
import type { CommitProbe } from "./commit_probe.ts";
import type { PacedReads } from "./paced_reads.ts";
import type { Peers } from "./peers.ts";
import type { Watching } from "./watching/watching.ts";

/** What effects are for. */
export interface EffectParts {
  readonly peers: Peers;
  readonly counts: AddressCounts;
  readonly probe: CommitProbe;
  readonly reads: PacedReads;
  readonly watching: Watching | null;
  readonly cluster: ((effect: ClusterEffect) => void) | undefined;
}

/** Does what the core asks for, in order. */
export function applyEffects(
  effects: readonly Effect[],
  parts: EffectParts,
): void {
  const { peers, probe, reads, cluster } = parts;
  for (const effect of effects) {
    switch (effect.kind) {
      case "send":
        peers.send(effect.conn, effect.text);
        break;
      case "broadcast":
        peers.broadcast(effect.conns, effect.text);
        break;
      case "close":
        peers.close(effect.conn, effect.code, effect.reason);
        break;
      case "entered":
        entered(effect.conn, effect.agent, parts);
        break;
      case "said":
        parts.watching?.said(effect.room, effect.message);
        break;
      case "store":
        probe.asked(effect.request);
        reads.ask(effect.request);
        break;
      case "log":
      case "caught_up":
      case "unfit":
      case "view_differs":
      case "renew_view":
        cluster?.(effect);
        break;
      default:
        unreachable(effect);
    }
  }
}

function entered(
  conn: ConnId,
  agent: string,
  { peers, counts }: EffectParts,
): void {
  const peer = peers.get(conn);
  if (peer === undefined) return;
  peer.loggedIn(agent);
  counts.loggedIn(peer.address);
}
