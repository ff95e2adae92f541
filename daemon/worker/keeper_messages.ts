import type { OwnBlobClaim } from "../../lib/blobs/blob_token.ts";
import type { FailureJson } from "../../lib/errors.ts";
import type { ApiAddress } from "../../lib/local_api/address.ts";
import type { Holder } from "../../lib/local_api/types/status.ts";
import type { RawObject } from "../../lib/protocol/frames.ts";
import type { TranscriptEnd } from "../../lib/transcript/attestation.ts";
import type { RoomName } from "../../lib/protocol/names.ts";
import type { SessionSettings } from "../session/session_options.ts";
import type { WakePost } from "../wake_posts/wake_post.ts";
import type {
  KeyAnswers,
  KeyAsk,
  KeyQuestion,
} from "../../lib/sealed/key_questions.ts";
import type { SealedInvitation } from "../../lib/invites/invite_text.ts";
import type { LogMessage } from "../../lib/worker_log.ts";

/** The session worker's first message. */
export interface SessionInit {
  readonly type: "init";
  readonly settings: SessionSettings;
  readonly api: ApiAddress;
  readonly token: string;
  /** host:port of the proxy on the way to the relay, for the wording. */
  readonly proxy?: string;
  /** The mailbox's file. */
  readonly databasePath: string;
  /** The folder of files that wait to be sent. */
  readonly filesPath: string;
  readonly pid: number;
  readonly heldBy: Holder;
  /** Wall clock. */
  readonly startedAt: number;
  readonly warnings: readonly string[];
  /** Agent programs that are posted wakes. */
  readonly posts: readonly WakePost[];
  readonly workerRestarts: number;
  /** The last ones of them, each within a minute of the one before. */
  readonly restartsInARow: number;
  readonly workerRestartReason?: string;
  /** Whether to try for the address again and again: a worker started anew must get its predecessor's. */
  readonly insist: boolean;
  /** Whether another port of the address does as well. */
  readonly isAnyPort: boolean;
}

/** What the keeper answers to a request of the session worker. */
export type KeeperAnswer =
  | {
    readonly type: "signed";
    readonly id: number;
    /** base58. */
    readonly signature: string;
  }
  | {
    readonly type: "invited";
    readonly id: number;
    /** The invitation's text. */
    readonly invite: string;
  }
  | {
    readonly type: "blob_token";
    readonly id: number;
    readonly token: string;
  }
  | {
    readonly type: "not_signed";
    readonly id: number;
    readonly reason: string;
  }
  /** What was asked of the keys of private rooms, or why it could not be done. */
  | {
    readonly type: "keys";
    readonly id: number;
    readonly answer: KeyAnswers[KeyAsk];
  }
  | {
    readonly type: "no_keys";
    readonly id: number;
    readonly failure: FailureJson;
  }
  | {
    readonly type: "solvers";
    readonly id: number;
    /** One to each solver worker. */
    readonly ports: readonly MessagePort[];
  };

/** What the keeper tells the session worker. */
export type ToSessionWorker = SessionInit | KeeperAnswer;

/** What the session worker asks of the keeper; `id` comes back in the answer. */
export type KeeperRequest =
  | { readonly type: "sign"; readonly frame: RawObject }
  | {
    readonly type: "invite";
    readonly room: RoomName;
    /** Milliseconds since 1970, whole seconds. */
    readonly until: number;
    /** Of a private room alone. */
    readonly sealed?: SealedInvitation;
  }
  | ({ readonly type: "attest" } & TranscriptEnd)
  | { readonly type: "blob"; readonly claim: OwnBlobClaim }
  | { readonly type: "keys"; readonly question: KeyQuestion }
  | { readonly type: "borrow_solvers" };

/** What the session worker tells the keeper. */
export type FromSessionWorker =
  | LogMessage
  | { readonly type: "listening"; readonly port: number }
  | {
    readonly type: "not_listening";
    readonly reason: string;
    readonly isInUse: boolean;
  }
  /** There can be no session: its mailbox can't be used. */
  | { readonly type: "not_started"; readonly failure: FailureJson }
  | (KeeperRequest & { readonly id: number })
  | { readonly type: "return_solvers" }
  | { readonly type: "handover_wanted" }
  | { readonly type: "stop_wanted" };
