// How the relays of a cluster stand, as one of them sees it: what passes
// between `agentnet relay cluster status` and a running relay.

/** How a relay of a cluster stands, for whoever watches it. Times in milliseconds. */
export interface ClusterView {
  readonly node: string;
  readonly boot: number;
  /** The last place of the log that is applied here, and the ops until there. */
  readonly position: number;
  readonly ops: number;
  /** The version of the rules that are in force. */
  readonly rules: number;
  /** Places of the log that came in and are not applied yet; while it catches up, those until where the log ended at its start. */
  readonly behind: number;
  /** Since when this relay's own ticks were not seen in the log. */
  readonly lag_ms: number;
  /** Its clock less the log's; null while not known. */
  readonly skew_ms: number | null;
  /** This relay's ops that are not in the log yet, and their bytes. */
  readonly waiting_ops: number;
  readonly waiting_bytes: number;
  /** Why it does not serve; null when it does. */
  readonly trouble: string | null;
  /** All relays that the log knows, by name. */
  readonly nodes: readonly NodeView[];
}

/** A relay as the log shows it. */
export interface NodeView {
  readonly node: string;
  readonly boot: number;
  readonly is_gone: boolean;
  /** Since its last batch, by the log's time. */
  readonly silent_ms: number;
  /** Its last checkpoint; empty before it has one. */
  readonly ops: number;
  readonly digest: string;
  /** Whether it wrote the same as this relay by then; null where that is not known. */
  readonly is_equal: boolean | null;
  /** The newest rules that its program knows. */
  readonly knows: number;
}
