import type { ClusterOptions } from "../core/core_parts.ts";
import type { CoreSettings } from "../core/settings.ts";
import type { LogFields, LogLevel } from "../../lib/log.ts";
import type { OperatorAsk } from "../core/operator_ask.ts";
import type { Cidr } from "./address.ts";

/** What the keeper found at the relay's own address. */
export type ListenerNews =
  /** Nobody accepts. */
  | { readonly kind: "unheard" }
  /** So few descriptors are free. */
  | { readonly kind: "spare"; readonly descriptors: number }
  /** They are no longer short; how many are free where the limit is not known, else null. */
  | { readonly kind: "spare_again"; readonly descriptors: number | null };

/** What the keeper tells the socket worker. */
export type ToSocketWorker =
  /** The first message. */
  | {
    readonly type: "init";
    readonly settings: CoreSettings;
    readonly hostname: string;
    /** 0 lets the system choose. */
    readonly port: number;
    /** How long an address in use is tried again; milliseconds. */
    readonly listenWithinMs: number;
    readonly trusted: readonly Cidr[];
    readonly metrics: readonly Cidr[];
    /** What the page says that it is of; null where there is to be none. */
    readonly page: { readonly version: string } | null;
    /** Sockets that the process has descriptors for. */
    readonly mostSockets: number;
    /** Whether the log is to have its figures, every few seconds. */
    readonly reports: boolean;
    readonly store: MessagePort;
    /** Absent until there are files. */
    readonly blobs?: MessagePort;
    /** Absent for a relay that is alone. */
    readonly cluster?: ClusterOptions & { readonly log: MessagePort };
  }
  /** What holds the log's connection was started again. */
  | { readonly type: "log"; readonly log: MessagePort }
  /** The store was started again. */
  | { readonly type: "store"; readonly store: MessagePort }
  /** The files' worker was started. */
  | { readonly type: "blobs"; readonly blobs: MessagePort }
  /** A worker that checks frames was started, in place of any of that number before it. */
  | {
    readonly type: "checker";
    readonly worker: number;
    readonly port: MessagePort;
  }
  /** The lists of admitted and refused agents were read again. */
  | {
    readonly type: "admit";
    readonly lists: Pick<CoreSettings, "allow" | "deny">;
  }
  /** The keeper called at the relay's address: nobody accepted, or few descriptors were free. */
  | { readonly type: "listener"; readonly news: ListenerNews }
  /** The operator wants something; answered by `told` with the same id. */
  | { readonly type: "ask"; readonly id: number; readonly ask: OperatorAsk };

/** What the socket worker tells the keeper. */
export type FromSocketWorker =
  | { readonly type: "listening"; readonly port: number }
  /** It may not serve any more, and why. */
  | { readonly type: "unfit"; readonly reason: string }
  /** A file comes in, or is wanted: there has to be a worker for them. */
  | { readonly type: "blobs_wanted" }
  /** It does not serve until its view was made anew. */
  | { readonly type: "view_differs"; readonly reason: string }
  /** Its view is to be thrown away, and it to be started with an empty one. */
  | { readonly type: "renew_view" }
  /** More than a few connections are open, or no more so. */
  | { readonly type: "crowded"; readonly isCrowded: boolean }
  /** Workers that check frames are needed, or no longer. */
  | { readonly type: "checkers"; readonly isWanted: boolean }
  | { readonly type: "told"; readonly id: number; readonly answer: unknown }
  | {
    readonly type: "not_listening";
    readonly reason: string;
    readonly isInUse: boolean;
  }
  | {
    readonly type: "log";
    readonly level: LogLevel;
    readonly event: string;
    readonly fields: LogFields;
  };
