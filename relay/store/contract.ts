import type { RoomName } from "../../lib/protocol/names.ts";
import type {
  BlobAnswer,
  BlobRead,
  BlobsKnownRead,
  StoreBlob,
} from "./blob_contract.ts";
import type {
  InboxRead,
  StoreDirect,
  StoreInboxTaken,
} from "./inbox_contract.ts";

/**
 * What passes between the relay's event loop and its SQLite worker. Every write is answered by its token, after
 * the commit that holds it: before `stored` nothing may be delivered or acknowledged (docs/architecture.md, "relay/").
 * Writes are committed in the order in which they were posted, in groups of a few milliseconds; a read sees the
 * writes posted before it, perhaps later ones too. Tokens are the asker's own numbers, each used once.
 */

/** A message to be kept. `text` fields are bounded by the frame. */
export interface StoreMessage {
  readonly kind: "message";
  readonly token: number;
  readonly room: string;
  readonly id: string;
  readonly from: string;
  readonly from_name: string;
  /** The frame as it came in. */
  readonly frame: string;
  /** SHA-256 of the message's text, hex: the same id with another one is refused. */
  readonly text_hash: string;
  /** The author's own timestamp, for REST's `before`. */
  readonly timestamp: number;
  readonly received_at: number;
}

/**
 * A room begins, or begins anew: its history is empty, even if an earlier room of that name had not been ended.
 * Its first seq is `created_at`, or more: above every seq of any room that ended before, so that a reader who
 * pages by the last seq that it saw of an earlier room of the name misses nothing. From there seq has no holes.
 */
export interface StoreRoomOpened {
  readonly kind: "room_opened";
  readonly token: number;
  readonly room: string;
  readonly topic: string;
  readonly tags: readonly string[];
  readonly created_by: string;
  /** The limits' key of the address that it was made from. */
  readonly created_from: string;
  readonly created_at: number;
}

/** A room ends: it and its history go. Ending a room that is not there is no failure. */
export interface StoreRoomEnded {
  readonly kind: "room_ended";
  readonly token: number;
  readonly room: string;
  /** An operator closed it, which is remembered until then (wall clock), or until a room of that name is opened. */
  readonly closed_until?: number;
}

/** Nobody is in a room since then (wall clock), or somebody is again. A room that is not there is no failure. */
export interface StoreRoomEmptied {
  readonly kind: "room_emptied";
  readonly token: number;
  readonly room: string;
  readonly since: number | null;
}

/** Nonces in use, so that a replay is refused after a restart too. Kept until `expires_at`. */
export interface StoreNonces {
  readonly kind: "nonces";
  readonly token: number;
  readonly nonces: readonly {
    readonly agent: string;
    readonly nonce: string;
    readonly expires_at: number;
  }[];
}

/** What one row is written for; the parts of a batch of a cluster's log have no tokens of their own. */
export type StoreRow =
  | StoreMessage
  | StoreRoomOpened
  | StoreRoomEnded
  | StoreRoomEmptied
  | StoreDirect
  | StoreInboxTaken
  | StoreBlob
  | StoreNonces;

type WithoutToken<T> = T extends unknown ? Omit<T, "token"> : never;

/** A key of a view and its value; null for what is no more. */
export type ViewEntry = readonly [key: string, value: string | null];

/** What a batch of a cluster's log comes to, all of it or nothing, with the place that it stands at. */
export interface StoreBatch {
  readonly kind: "batch";
  readonly token: number;
  /** Names the log. */
  readonly log: string;
  /** Of the batch before it in the view; 0 where it is the first. */
  readonly after: number;
  readonly position: number;
  /** The log's time at it. */
  readonly at: number;
  /** Ops applied by then, since the log began. */
  readonly ops: number;
  /** The version of the rules that are in force for it. */
  readonly rules: number;
  readonly rows: readonly WithoutToken<StoreRow>[];
  readonly entries: readonly ViewEntry[];
  /** Whether time passed: then what is kept no longer goes, the same in every view. */
  readonly isTick: boolean;
}

export type StoreWrite = StoreRow | StoreBatch;

/**
 * A page of a room's history by seq, oldest first; bounded by rows and bytes, but never empty where there is a row.
 * With `after_seq` the oldest rows above it (and below `before_seq`, if given), otherwise the newest below
 * `before_seq`, or the newest of all. `has_more` speaks of the direction of paging.
 */
export interface HistoryRead {
  readonly kind: "history";
  readonly token: number;
  readonly room: string;
  readonly after_seq?: number;
  readonly before_seq?: number;
  readonly limit: number;
  readonly most_bytes: number;
}

/**
 * A page for REST, newest first.
 * - by `before_seq` (it wins) or by nothing: by seq. Loses nothing and shows nothing twice: the way to page.
 * - by `before`: by the authors' timestamps below it, as Go's clients page. Rows with equal timestamps are not parted
 *   as far as `most_bytes` and `REST_GROUP_ROWS` go, so that the next `before` skips none: a page may be shorter than
 *   `limit`, or, where one timestamp alone fills it, longer. Only what is past that needs `before_seq`.
 */
export interface RestRead {
  readonly kind: "rest_history";
  readonly token: number;
  readonly room: string;
  readonly before?: number;
  readonly before_seq?: number;
  readonly limit: number;
  readonly most_bytes: number;
}

/** Most that a page holds when all of its rows have one timestamp. */
export const REST_GROUP_ROWS = 1_000;

export type StoreRead =
  | HistoryRead
  | RestRead
  | InboxRead
  | BlobRead
  | BlobsKnownRead;

export type StoreRequest = StoreWrite | StoreRead;

/** A row of history: the frame as it came in and what the relay knows of it. */
export interface StoredMessage {
  readonly seq: number;
  readonly frame: string;
  readonly from_name: string;
  readonly received_at: number;
}

export type StoreAnswer =
  /** The write is on disk. For a message: its seq; `duplicate` when (from, id) was there already with this text. */
  | {
    readonly kind: "stored";
    readonly token: number;
    readonly seq?: number;
    readonly received_at?: number;
    readonly duplicate?: boolean;
    /** Of a file that is kept. */
    readonly until?: number;
  }
  /**
   * Nothing was written. `conflict`: (from, id) is there with another text or in another room. `storage`: the disk
   * or database failed; the store lives on and the same may be tried again. Of a message to one agent who does not
   * know its author: `postage` is due, it is `too_large`, or an earlier one `waits`; of any, the inbox may be `full`. Of a batch:
   * `place`: the view does not stand at the batch before it.
   * `reason` is for logs, and plain English.
   */
  | {
    readonly kind: "failed";
    readonly token: number;
    readonly why:
      | "conflict"
      | "storage"
      | "place"
      | "no_room"
      | "postage"
      | "too_large"
      | "waits"
      | "full";
    readonly reason: string;
  }
  /** A batch is in the view. */
  | StoredBatch
  | BlobAnswer
  | {
    readonly kind: "page";
    readonly token: number;
    readonly messages: readonly StoredMessage[];
    readonly has_more: boolean;
  };

/** What became of a batch. */
export interface StoredBatch {
  readonly kind: "batch_stored";
  readonly token: number;
  /** Of its messages, in their order. */
  readonly answers: readonly StoreAnswer[];
  /** What retention took from rooms that go on. */
  readonly removed: readonly RemovedOfRoom[];
  /** The digest of all rows and answers so far, at a checkpoint. */
  readonly checkpoint?: { readonly ops: number; readonly digest: string };
}

/** A room as it stands on disk at start. */
export interface StoredRoom {
  readonly name: RoomName;
  readonly topic: string;
  readonly tags: readonly string[];
  readonly created_by: string;
  /** As in {@link StoreRoomOpened}; "" of a room made before this was kept. */
  readonly created_from: string;
  readonly created_at: number;
  /** When its last message was received; created_at when there is none. */
  readonly last_active: number;
  /** Since when nobody is in it, as far as that was written. */
  readonly empty_since?: number;
  /** How many messages are kept of it, and the bytes of their frames. */
  readonly messages: number;
  readonly bytes: number;
}

/** A name whose room an operator closed, as {@link StoreRoomEnded} says. */
export interface ClosedName {
  readonly room: string;
  readonly until: number;
}

/** What the store knows at start, sent once it is ready. */
export interface StoreReady {
  readonly kind: "ready";
  readonly rooms: readonly StoredRoom[];
  readonly nonces: readonly {
    readonly agent: string;
    readonly nonce: string;
    readonly expires_at: number;
  }[];
  readonly closed: readonly ClosedName[];
  /** Of a relay of a cluster: how far its view has come, and what stands in no row. */
  readonly view?: StoredView;
}

/** A view as it stands on disk at start; `log` is "" and the numbers are 0 for one that is new. */
export interface StoredView
  extends Pick<StoreBatch, "log" | "position" | "at" | "ops"> {
  readonly entries: readonly ViewEntry[];
}

/** Whether messages can be stored, as the last write showed; said on change, after `ready`. */
export interface StoreHealth {
  readonly kind: "health";
  readonly isUsable: boolean;
}

/** Messages of a room that are no longer kept, and the bytes of their frames; less than none where more were found. */
export interface RemovedOfRoom {
  readonly room: string;
  readonly messages: number;
  readonly bytes: number;
}

/** What was removed to keep within age and size, from rooms that go on. */
export interface StoreRemoved {
  readonly kind: "removed";
  readonly rooms: readonly RemovedOfRoom[];
}

/**
 * Each message from the store's worker over the port: `ready` once, then the answers of one commit or of some reads,
 * and what it removed by itself.
 */
export type StoreSays =
  | StoreReady
  | StoreHealth
  | StoreRemoved
  | readonly StoreAnswer[];
