import type { RoomName } from "../../../lib/protocol/names.ts";
import type { Presence } from "../../../lib/protocol/presence_frames.ts";

/**
 * What relays that are one tell each other, by one log that all of them apply in its order: plain data, the same after
 * JSON and back. An op was checked by the relay that took it in; what the others did meanwhile is judged when it is
 * applied, the same everywhere.
 */

/**
 * The newest rules by which this program can apply ops. A change of what an op leads to, in rooms or in the view, is a new
 * number, and holds only where {@link RulesInForce} says so: relays of both programs apply one log during an upgrade. The
 * earlier rules stay as long as a log may hold what was applied by them.
 */
export const RULES_VERSION = 1;
/** A batch has at most so many ops, and ops of so many bytes of JSON, but for one op that is larger by itself. */
export const BATCH = { ops: 512, bytes: 262_144 } as const;

/** Whose op it is: an agent over one connection of the relay that submits it. */
interface OfSeat {
  readonly conn: number;
  readonly agent: string;
}

/** A signed frame's nonce, which the other relays refuse from then on. */
interface OfFrame {
  readonly nonce: string;
  /** Milliseconds since 1970, by the agent's clock. */
  readonly timestamp: number;
}

/** An agent has logged in: its earlier connection, at any relay, ends. */
export interface LoginOp extends OfSeat, OfFrame {
  readonly op: "login";
  readonly name: string;
  readonly features: readonly string[];
  /** The limits' key of its address. */
  readonly address: string;
}

/** A connection that had logged in is gone. */
export interface DropOp extends OfSeat {
  readonly op: "drop";
}

export interface CreateOp extends OfSeat, OfFrame {
  readonly op: "create";
  readonly room: RoomName;
  readonly topic: string;
  readonly tags: readonly string[];
  readonly address: string;
}

export interface JoinOp extends OfSeat, OfFrame {
  readonly op: "join";
  readonly room: RoomName;
}

export interface LeaveOp extends OfSeat, OfFrame {
  readonly op: "leave";
  readonly room: RoomName;
}

export interface MessageOp extends OfSeat, OfFrame {
  readonly op: "message";
  readonly room: RoomName;
  readonly id: string;
  /** The frame as it came in. */
  readonly frame: string;
  /** SHA-256 of its text, hex. */
  readonly text_hash: string;
}

/** What a reader tells authors of a room. */
export interface MarksOp extends OfSeat, OfFrame {
  readonly op: "marks";
  readonly room: RoomName;
  /** The frame as it came in. */
  readonly frame: string;
  /** Agent ids of the authors. */
  readonly to: readonly string[];
}

/** A message to one agent. */
export interface DirectOp extends OfSeat, OfFrame {
  readonly op: "direct";
  readonly to: string;
  readonly id: string;
  /** The frame as it came in. */
  readonly frame: string;
  /** SHA-256 of its text, hex. */
  readonly text_hash: string;
  /** Its postage is right. */
  readonly isPaid: boolean;
  /** It tells what became of messages: the last one of an author takes the place of the one before. */
  readonly isReceipt: boolean;
}

/** An agent has messages of its inbox, and knows some agents. */
export interface DirectAckOp extends OfSeat, OfFrame {
  readonly op: "direct_ack";
  readonly messages: readonly {
    readonly from: string;
    readonly id: string;
  }[];
  readonly knows: readonly string[];
}

/** What an agent says of itself. */
export interface PresenceOp
  extends OfSeat, Pick<Presence, "wakeable" | "woken_at"> {
  readonly op: "presence";
}

/** An operator ends an agent's connection, wherever it is. */
export interface KickOp {
  readonly op: "kick";
  readonly agent: string;
}

/** An operator refuses an agent, or admits it again. */
export interface BanOp {
  readonly op: "ban";
  readonly agent: string;
  readonly isBanned: boolean;
}

/** An operator ends a room. */
export interface CloseOp {
  readonly op: "close";
  readonly room: string;
}

/** From the next batch on new rules hold, if all know them. */
export interface RulesOp {
  readonly op: "rules";
  readonly version: number;
}

/** A file is to come in: whether there is a place for it is judged here. */
export interface BlobReserveOp {
  readonly op: "blob_reserve";
  /** Names the place, and no other ever. */
  readonly id: string;
  readonly agent: string;
  /** The limits' key of its address. */
  readonly address: string;
  /** Whose it is (lib/blobs/blob_scope.ts); the room, where it is a room's. */
  readonly scope: string;
  readonly room?: string;
  /** Hex. */
  readonly sha256: string;
  readonly size: number;
}

/** The file is here: it may be had from now on. */
export interface BlobKeepOp {
  readonly op: "blob_keep";
  readonly id: string;
}

/** The file did not come. */
export interface BlobDropOp {
  readonly op: "blob_drop";
  readonly id: string;
}

export type BlobOp = BlobReserveOp | BlobKeepOp | BlobDropOp;

/** Each relay submits one a second: time passes by it, and who submits none is gone. */
export interface TickOp {
  readonly op: "tick";
  /** The newest rules that this relay knows. */
  readonly knows: number;
  /** Stands for the settings that all relays of one log must share. */
  readonly settings: string;
  /** Ops applied by this relay's last checkpoint, and the digest of all that it wrote until then. */
  readonly checkpoint: Checkpoint;
}

/** What a relay had applied and written at one place of the log. */
export interface Checkpoint {
  readonly ops: number;
  /** Hex. */
  readonly digest: string;
}

/** An op of one connection's agent. */
export type SeatOp =
  | LoginOp
  | DropOp
  | CreateOp
  | JoinOp
  | LeaveOp
  | MessageOp
  | MarksOp
  | DirectOp
  | DirectAckOp
  | PresenceOp;

export type Op =
  | SeatOp
  | KickOp
  | BanOp
  | CloseOp
  | RulesOp
  | BlobOp
  | TickOp;

/** An op that rooms go by; the others are about the relays themselves. */
export type RoomsOp = Exclude<Op, RulesOp | TickOp>;

/** What one relay submits at once. It counts only if `n` is one more than the last of its node and boot, else for nobody. */
export interface OpBatch {
  /** The rules that were in force where it was made: who does not know them can't read it. */
  readonly v: number;
  readonly node: string;
  /** Grows with each start of the node. */
  readonly boot: number;
  /** From 1. */
  readonly n: number;
  /** The submitter's clock, milliseconds since 1970. */
  readonly at: number;
  readonly ops: readonly Op[];
}

/** A place of the log. */
export interface LogEntry {
  /** Its number in the stream. */
  readonly position: number;
  /** When the log took it, by the log's own clock; milliseconds since 1970. */
  readonly at: number;
  /** Null for what is no batch, which counts for nobody; a number where only rules of that version can read it. */
  readonly batch: OpBatch | number | null;
}
