import type { FailureJson } from "../../lib/errors.ts";
import type { LogMessage } from "../../lib/worker_log.ts";
import type { ClusterSettings } from "./cluster_settings.ts";

/** What the keeper tells the worker of the log. */
export type ToLogWorker =
  /** The first message. */
  | {
    readonly type: "init";
    readonly settings: ClusterSettings;
    readonly node: string;
    /** To the relay's rules: ToLog comes in, FromLog goes out. */
    readonly port: MessagePort;
  }
  /** To the worker of a relay's files, which was started: ToObjects comes in, FromObjects goes out. */
  | { readonly type: "objects"; readonly port: MessagePort }
  /** The other end was started anew. */
  | { readonly type: "port"; readonly port: MessagePort };

/** What the worker of the log tells the keeper. */
export type FromLogWorker =
  | LogMessage
  /** The log can't be used, now or ever, unless somebody changes something. */
  | { readonly type: "log_unusable"; readonly failure: FailureJson };
