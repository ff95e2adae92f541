import type { LogEntry, OpBatch } from "./op.ts";

/** What the relay tells the worker that holds the log's connection. */
export type ToLog =
  /** From which place on it wants entries: the one after the last that its view holds. Said once, after the view is read. */
  | {
    readonly type: "follow";
    readonly after: number;
    /** Names the log that the view was made from, as {@link LogOpened} did; null for an empty view. */
    readonly log: string | null;
  }
  /** To be put into the log, once or more often; what becomes of it shows in the log alone. */
  | { readonly type: "publish"; readonly batch: OpBatch }
  /** Entries up to this position are applied, or need no room any more: only so many wait for it. */
  | { readonly type: "taken"; readonly position: number };

/** The log is there, is the one that was followed, and holds all that is wanted; else the worker tells the keeper why not. */
export interface LogOpened {
  readonly type: "opened";
  /** The same for the log's whole life, another one for any other log. */
  readonly log: string;
  /** The last place that it had then: a relay that has applied it is up to date. */
  readonly end: number;
}

/** In the log's order from the one that was asked for, each once, without a hole. */
export interface LogEntries {
  readonly type: "entries";
  readonly entries: readonly LogEntry[];
}

/** The log's beginning is gone, and with it what this relay lacks: a copy of another's view is on its way, with which it begins anew. */
export interface LogTakingView {
  readonly type: "taking_view";
  /** Whose it is; null while nobody offers one. */
  readonly node: string | null;
  readonly bytes: number;
  /** Null while it is made. */
  readonly size: number | null;
}

/** Whether the connection stands, for who looks at figures; what counts is whether own batches come back. */
export interface LogLink {
  readonly type: "link";
  readonly isUp: boolean;
}

/** What that worker tells the relay. */
export type FromLog = LogOpened | LogEntries | LogTakingView | LogLink;
