import type { DeliveredDirect } from "../protocol/direct_frames.ts";
import type {
  DeliveredMessage,
  Feature,
  MemberJoined,
  MemberLeft,
  MessageAck,
  Profile,
  RawObject,
  RoomClosed,
  RoomJoined,
} from "../protocol/frames.ts";
import type { Marks } from "../protocol/marks_frames.ts";
import type { AttachedFile } from "../protocol/attached_file.ts";
import type { Writer } from "../protocol/written_by.ts";
import type { MessageKind } from "../protocol/message_kind.ts";
import type { Clock } from "../clock.ts";
import type { Dial } from "./transport.ts";

/** Signs a frame without its signature; in the daemon the keeper does. Resolves to base58. */
export type SignFrame = (frame: RawObject) => Promise<string>;

/** Finds a proof of work; rejects with POW_TOO_HARD or POW_TIMEOUT. */
export type FindProof = (
  task: {
    readonly challenge: string;
    readonly difficulty: number;
    readonly purpose: "login" | "create" | "direct";
  },
  signal: AbortSignal,
) => Promise<string>;

/**
 * What a relay sends unasked, or too late; `raw` is what signatures are checked on. With `overrun` frames went by unread
 * at this place, messages among them perhaps: they came faster than they could be read.
 */
export type Push =
  | { readonly overrun: true }
  | {
    readonly frame: DeliveredMessage | DeliveredDirect;
    readonly raw: RawObject;
  }
  | { readonly marks: Marks; readonly raw: RawObject }
  | { readonly frame: PlainPush };

/** What is neither a message nor signed; `room.joined` and `message.ack` are answers that nobody waits for any more. */
export type PlainPush =
  | MemberJoined
  | MemberLeft
  | RoomClosed
  | RoomJoined
  | MessageAck;

/** Why a connection ended. */
export interface ConnectionEnd {
  readonly kind:
    | "lost"
    | "silent"
    | "closed_by_us"
    | "newer_login"
    | "relay_refused"
    | "frame_too_large";
  readonly reason: string;
}

export interface ConnectionEvents {
  /** Pushes come in the order of the line, and none before `connect` has resolved. */
  push(push: Push): void;
  /** A frame was dropped as malformed, binary or of no use; the connection goes on. */
  dropped(reason: string): void;
  /** A pong came; `rttMs` since its ping. */
  pong(rttMs: number): void;
  /** Called once, last. */
  ended(end: ConnectionEnd): void;
  /** A step of the handshake, for status. */
  proving?(difficulty: number): void;
}

export interface ConnectOptions {
  /** ws:// or wss:// address, as it was parsed and will be dialled; goes into hello's `relay` field. */
  readonly url: string;
  readonly profile: Profile;
  readonly features: readonly Feature[];
  readonly dial: Dial;
  readonly clock: Clock;
  /** So many random bytes, for nonces and ids. */
  readonly randomBytes: (count: number) => Uint8Array;
  readonly sign: SignFrame;
  readonly findProof: FindProof;
  readonly events: ConnectionEvents;
  readonly signal: AbortSignal;
}

/** What the caller says of a message; the connection adds nonce, timestamp and signature. */
export interface OutgoingMessage {
  readonly id: string;
  readonly room: string;
  readonly text: string;
  /** Dropped on a relay without `fields`. */
  readonly reply_to?: string;
  /** Dropped likewise. */
  readonly kind?: MessageKind;
  /** That the author wants receipts; dropped on a relay without `marks`. */
  readonly receipt?: boolean;
  /** Refused on a relay without `fields`: the mark is what it is sent for. */
  readonly written_by?: Writer;
  /** Refused on a relay without `fields` likewise. */
  readonly file?: AttachedFile;
}

/** What the caller says to one agent. */
export interface OutgoingDirect {
  readonly id: string;
  readonly to: string;
  /** Sealed. */
  readonly text: string;
}

/** How a send ended short of a refusal, which is a `Failure`. */
export type SendOutcome =
  | {
    readonly status: "accepted";
    readonly seq?: number;
    readonly received_at?: number;
    /** How many other agents were in the room, where the relay says so. */
    readonly others?: number;
    /** What went out. */
    readonly frame_text?: string;
  }
  | { readonly status: "unknown" };
