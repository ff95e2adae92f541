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
  | { readonly kind: "close"; readonly room: string };

/** The answers, by kind; admit, kick and close tell whether there was anything to end. */
export interface OperatorAnswers {
  readonly list: Omit<RelayListing, "banned">;
  readonly stats: RelayStats;
  readonly admit: boolean;
  readonly kick: boolean;
  readonly close: boolean;
}
