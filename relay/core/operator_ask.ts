import type { ClusterView } from "../../lib/admin_api/cluster_status.ts";
import type { RelayListing, RelayStats } from "../../lib/admin_api/types.ts";
import type { CoreSettings } from "./settings.ts";

/** What the keeper asks of the socket worker on the operator's behalf. */
export type OperatorAsk =
  | { readonly kind: "list" }
  | { readonly kind: "stats" }
  | {
    readonly kind: "admit";
    readonly lists: Pick<CoreSettings, "allow" | "deny">;
  }
  | { readonly kind: "kick"; readonly agent: string }
  | {
    readonly kind: "ban";
    readonly agent: string;
    readonly isBanned: boolean;
  }
  | { readonly kind: "is_banned"; readonly agent: string }
  | { readonly kind: "close"; readonly room: string }
  | { readonly kind: "cluster" };

/**
 * The answers, by kind; admit, kick, ban and close tell whether there was anything to change. `ban` and `is_banned` are
 * of a cluster, and `cluster` is null for a relay by itself, whose bans are a file of the keeper's.
 */
export interface OperatorAnswers {
  readonly list: RelayListing;
  readonly stats: RelayStats;
  readonly admit: boolean;
  readonly kick: boolean;
  readonly ban: boolean;
  readonly is_banned: boolean;
  readonly close: boolean;
  readonly cluster: ClusterView | null;
}
