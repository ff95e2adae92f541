import type { AttachedFile } from "./attached_file.ts";
import type { DeliveredDirect, Direct, DirectAck } from "./direct_frames.ts";
import type { RelayStamp, Signed, TextContent } from "./frame_parts.ts";
import type { Marks } from "./marks_frames.ts";
import type { RoomName } from "./names.ts";
import type {
  Presence,
  RoomPresence,
  RoomPresenceResult,
} from "./presence_frames.ts";

/**
 * The frames of the wire, one tagged union for each direction (protocol.md sections 3, 4 and 7).
 * Times are whole milliseconds since 1970; ids, nonces, challenges and signatures are base58 text.
 */

export type { RelayStamp, Signed, TextContent };

/** Who an agent says that it is. The id is its key; the name is only a claim. */
export interface Profile {
  readonly id: string;
  readonly name: string;
  readonly version: string;
}

/** An answer to a challenge. */
export interface Pow {
  readonly challenge: string;
  readonly proof: string;
}

/** Extensions that a relay announces in `welcome` and a client asks for in `hello` (protocol.md section 7). */
export const FEATURES = [
  "ack",
  "from_name",
  "fields",
  "history",
  "closed",
  "left",
  "presence",
  "marks",
  "direct",
  "blobs",
] as const;
export type Feature = typeof FEATURES[number];

export interface Hello extends Signed {
  readonly type: "hello";
  readonly profile: Profile;
  /** The URL that the client dialled (protocol.md section 10). */
  readonly relay?: string;
  readonly features?: readonly string[];
}

export interface HelloPow {
  readonly type: "hello.pow";
  readonly pow: Pow;
  readonly signature: string;
}

export interface Ping {
  readonly type: "ping";
}

export interface RoomCreate extends Signed {
  readonly type: "room.create";
  readonly room: RoomName;
  readonly topic: string;
  readonly tags: readonly string[];
  readonly pow?: Pow;
}

export interface RoomJoin extends Signed {
  readonly type: "room.join";
  readonly room: RoomName;
}

export interface RoomLeave extends Signed {
  readonly type: "room.leave";
  readonly room: RoomName;
}

export interface RoomsList {
  readonly type: "rooms.list";
  readonly tags: readonly string[];
  readonly match: "any" | "all";
  readonly sort: "active" | "agents";
  /** 1 to 100. */
  readonly limit: number;
  readonly cursor?: string;
  /** Words sought in name and topic; an extension of this project's relay. */
  readonly q?: string;
}

export interface Message extends Signed {
  readonly type: "message";
  readonly id: string;
  readonly room: RoomName;
  readonly from: string;
  readonly content: TextContent;
  /** The id of the message that this one answers; only on relays with `fields`. */
  readonly reply_to?: string;
  /** What it is besides plain talk: a `MessageKind`, or one of a later version; only on relays with `fields`. */
  readonly kind?: string | undefined;
  /** That its author wants to know when it arrives and is shown; only on relays with `marks`. */
  readonly receipt?: string | undefined;
  /** Who wrote it, a `Writer` or one of a later version; only on relays with `fields`. */
  readonly written_by?: string | undefined;
  /** A file that the relay keeps for its readers; only on relays with `fields`. */
  readonly file?: AttachedFile | undefined;
}

export interface RoomHistory extends Signed {
  readonly type: "room.history";
  readonly room: RoomName;
  readonly after_seq?: number;
  readonly before_seq?: number;
  /** 1 to 200. */
  readonly limit: number;
}

/** A frame from agent to relay. */
export type AgentFrame =
  | Hello
  | HelloPow
  | Ping
  | RoomCreate
  | RoomJoin
  | RoomLeave
  | RoomsList
  | Message
  | Direct
  | DirectAck
  | RoomHistory
  | Marks
  | Presence
  | RoomPresence;

/** The agent frames that carry nonce, timestamp and signature. */
export type SignedFrame = Extract<AgentFrame, Signed>;

export interface PowChallenge {
  readonly type: "pow.challenge";
  readonly challenge: string;
  readonly difficulty: number;
  readonly expires: number;
}

export interface Welcome {
  readonly type: "welcome";
  readonly relay: string;
  readonly features: readonly string[];
}

export interface Pong {
  readonly type: "pong";
}

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly joined_at: number;
}

export interface RoomJoined {
  readonly type: "room.joined";
  readonly room: RoomName;
  readonly topic: string;
  readonly tags: readonly string[];
  readonly members: readonly Member[];
}

export interface MemberRef {
  readonly id: string;
  readonly name: string;
}

export interface MemberJoined {
  readonly type: "room.member_joined";
  readonly room: RoomName;
  readonly agent: MemberRef;
}

export interface MemberLeft {
  readonly type: "room.member_left";
  readonly room: RoomName;
  readonly agent: MemberRef;
}

export interface RoomSummary {
  readonly name: RoomName;
  readonly topic: string;
  readonly tags: readonly string[];
  readonly agents: number;
  readonly last_active: number;
}

export interface RoomsListResult {
  readonly type: "rooms.list.result";
  readonly rooms: readonly RoomSummary[];
  readonly cursor?: string;
  readonly has_more: boolean;
}

/** The fields that a relay adds to a message; they are not signed (protocol.md section 7). */
export const RELAY_FIELDS = ["from_name", "seq", "received_at"] as const;

export interface DeliveredMessage extends Message, RelayStamp {}

export interface MessageAck {
  readonly type: "message.ack";
  readonly id: string;
  readonly seq: number;
  readonly received_at: number;
  /** How many other agents were in the room when it was stored. */
  readonly others?: number;
}

/** Answers a `room.leave`. */
export interface RoomLeft {
  readonly type: "room.left";
  readonly room: RoomName;
  /** How many others are in the room now. */
  readonly others: number;
  /** Where nobody is: until when (wall clock) it stays for whoever comes; absent where it has ended. */
  readonly kept_until?: number;
}

export interface RoomHistoryResult {
  readonly type: "room.history.result";
  readonly room: RoomName;
  /** The signed frames as they came in, with the relay's stamp: raw, so that each can be verified. */
  readonly messages: readonly RawObject[];
  readonly has_more: boolean;
}

export interface RoomClosed {
  readonly type: "room.closed";
  readonly room: RoomName;
  readonly reason: string;
}

/** The codes that a relay puts into an `error` (protocol.md section 5). */
export const WIRE_CODES = [
  "AUTH_FAILED",
  "INVALID_MESSAGE",
  "UNKNOWN_TYPE",
  "TOO_NEW",
  "RATE_LIMITED",
  "ROOM_EXISTS",
  "ROOM_NOT_FOUND",
  "NOT_IN_ROOM",
  "POSTAGE_DUE",
] as const;
export type WireCode = typeof WIRE_CODES[number];

export interface ErrorFrame {
  readonly type: "error";
  /** One of {@link WIRE_CODES} from the relays known; a newer relay may have more. */
  readonly code: string;
  readonly message: string;
  readonly retry_after_ms?: number;
  /** The id or nonce of the frame that this answers; only on relays with `ack`. */
  readonly ref?: string;
}

/** A frame from relay to agent. */
export type RelayFrame =
  | PowChallenge
  | Welcome
  | Pong
  | RoomJoined
  | MemberJoined
  | MemberLeft
  | RoomsListResult
  | DeliveredMessage
  | DeliveredDirect
  | MessageAck
  | RoomHistoryResult
  | RoomLeft
  | RoomPresenceResult
  | Marks
  | RoomClosed
  | ErrorFrame;

/** A frame's JSON object just as it was parsed: what signatures are checked on. */
export type RawObject = { readonly [key: string]: unknown };

/** Ends a switch over a union: a new member that no case handles is a compile error. */
export function unreachable(value: never): never {
  throw new Error(`unreachable case: ${JSON.stringify(value)}`);
}
