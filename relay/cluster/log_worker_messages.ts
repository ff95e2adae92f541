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
    readonly isServing: boolean;
    /** To the relay's rules: ToLog comes in, FromLog goes out. */
    readonly port: MessagePort;
  }
  /** To the worker of a relay's files, which was started: ToObjects comes in, FromObjects goes out. */
  | { readonly type: "objects"; readonly port: MessagePort }
  /** Whether this relay serves. */
  | { readonly type: "serves"; readonly isServing: boolean }
  /** To the worker of copies of views, which was started: ToViewCopies comes in, FromViewCopies goes out. */
  | { readonly type: "copies"; readonly port: MessagePort }
  /** The other end was started anew. */
  | { readonly type: "port"; readonly port: MessagePort };

/** What the worker of the log tells the keeper. */
export type FromLogWorker =
  | LogMessage
  /** The worker of copies of views is needed, or no longer. */
  | { readonly type: "copies_wanted" }
  | { readonly type: "copies_done" }
  /** A copy of another relay's view is there, for this one to begin with. */
  | { readonly type: "view_taken" }
  /** The log can't be used, now or ever, unless somebody changes something. */
  | { readonly type: "log_unusable"; readonly failure: FailureJson };
