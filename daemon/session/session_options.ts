import type { ReceiptPolicy } from "../../lib/local_api/receipt_policy.ts";
import type { WakePolicies } from "../../lib/local_api/wake_policy.ts";
import type { Connection } from "../../lib/client/connection.ts";
import type {
  ConnectOptions,
  FindProof,
  SignFrame,
} from "../../lib/client/connection_types.ts";
import type { RelayRound } from "../../lib/client/relay_round.ts";
import type { Dial } from "../../lib/client/transport.ts";
import type { Clock } from "../../lib/clock.ts";
import type {
  Holder,
  ProofProgress,
  WakeTargetStatus,
} from "../../lib/local_api/types/status.ts";
import type { Logger } from "../../lib/log.ts";
import type { RoomName } from "../../lib/protocol/names.ts";
import type { TranscriptEnd } from "../../lib/transcript/attestation.ts";
import type { OpenSql } from "../../lib/sql/sql.ts";
import type { SealedInvitation } from "../../lib/invites/invite_text.ts";
import type { AskKeys } from "../../lib/sealed/key_questions.ts";
import type { FileStore } from "./files/file_store.ts";
import type { RelayBlobs } from "./files/relay_blobs.ts";
import type { RestHistory } from "./receive/rest_history.ts";

/** What the session needs of a connection; `Connection` of lib/client is one. */
export type RelayConnection = Pick<
  Connection,
  | "relay"
  | "features"
  | "lastPongAt"
  | "clockSkewMs"
  | "create"
  | "join"
  | "leave"
  | "send"
  | "direct"
  | "directAck"
  | "list"
  | "history"
  | "presence"
  | "tellPresence"
  | "tellMarks"
  | "close"
>;

/** Dials and logs in: `connect` of lib/client/connection.ts. */
export type Connect = (options: ConnectOptions) => Promise<RelayConnection>;

/** Signs that this agent made a transcript; only the keeper can. Rejects with a `Failure`. */
export type Attest = (end: TranscriptEnd) => Promise<string>;

/** Writes and signs an invitation; only the keeper can. */
export type WriteInvite = (wanted: {
  readonly room: RoomName;
  /** Milliseconds since 1970, whole seconds. */
  readonly until: number;
  /** Of a private room alone. */
  readonly sealed?: SealedInvitation;
}) => Promise<string>;

/** What the user chose, parsed. */
export interface SessionSettings {
  /** The relay's addresses as they are dialled, at least one; the first names it. */
  readonly relayUrls: readonly [string, ...string[]];
  readonly agentId: string;
  readonly agentName: string;
  /** Of this program. */
  readonly version: string;
  /** Messages that the mailbox keeps; default 1,000. */
  readonly buffer: number;
  /** How long an unsent message is kept, in milliseconds; default 600,000. */
  readonly queueForMs: number;
  /** Whether own messages in a row and a minute are held down. */
  readonly brakes: boolean;
  /** How far authors who ask for it are told what becomes of their messages. */
  readonly receipts: ReceiptPolicy;
  /** Whose messages wake this agent's model, where a watcher does not say it. */
  readonly wake: WakePolicies;
}

/** Everything that a session is given: it reaches for nothing itself but the database's file. */
export interface SessionOptions {
  readonly settings: SessionSettings;
  readonly connect: Connect;
  readonly dial: Dial;
  readonly clock: Clock;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly log: Logger;
  /** The mailbox's file, made 0600 if it is not there. */
  readonly databasePath: string;
  /** Default: the runtime's own SQLite. */
  readonly openDatabase?: OpenSql;
  readonly sign: SignFrame;
  readonly findProof: FindProof;
  /** An invitation of this agent's to a room of its relay, until a moment of whole seconds. */
  readonly writeInvite: WriteInvite;
  readonly attest: Attest;
  /** What only the keys of private rooms can do. */
  readonly askKeys: AskKeys;
  /** How far a search of `findProof` for a room has come, while there is one. */
  readonly proof?: () => ProofProgress | undefined;
  /** Which of the relay's addresses is dialled. */
  readonly relays: RelayRound;
  /** The room's past by REST: `restHistory(() => relays.current, fetch)` of rest_history.ts. */
  readonly restHistory: RestHistory;
  /** Where files wait on their way out, and the relay's own. */
  readonly files: { readonly store: FileStore; readonly blobs: RelayBlobs };
  /** The agent programs that wakes are posted to, as they took them. */
  readonly wakeTargets?: () => readonly WakeTargetStatus[];
  readonly pid: number;
  readonly heldBy: Holder;
  /** Address of the local API, asked each time: a port 0 is known late. */
  readonly apiAddress: () => string;
  /** A link that opens the daemon's page in a browser, once. */
  readonly openPage: () => string;
  /** When the daemon (not this worker) started, wall clock. */
  readonly startedAt: number;
  /** What the keeper has to say in `status`. */
  readonly warnings: readonly string[];
  readonly workerRestarts: number;
  /** The last ones of them, each within a minute of the one before: the relay is dialled after a pause. */
  readonly restartsInARow: number;
  readonly workerRestartReason?: string;
  /** Asks the keeper to stop the daemon. Called once the answer of `stop` is on its way. */
  readonly requestStop: () => void;
  /** The same for an end that makes room for another daemon. */
  readonly requestHandover: () => void;
}
