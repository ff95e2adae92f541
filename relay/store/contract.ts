/**
 * What passes between the relay's event loop and its SQLite worker. Every write is answered by its token, after
 * the commit that holds it: before `stored` nothing may be delivered or acknowledged (design.md section 7).
 * Writes are committed in the order in which they were posted, in groups of a few milliseconds.
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

/** A room begins, or begins anew after it ended: its history is empty, its seq above every earlier one of that name. */
export interface StoreRoomOpened {
  readonly kind: "room_opened";
  readonly token: number;
  readonly room: string;
  readonly topic: string;
  readonly tags: readonly string[];
  readonly created_by: string;
  readonly created_at: number;
}

/** A room ends: it and its history go. */
export interface StoreRoomEnded {
  readonly kind: "room_ended";
  readonly token: number;
  readonly room: string;
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

export type StoreWrite =
  | StoreMessage
  | StoreRoomOpened
  | StoreRoomEnded
  | StoreNonces;

/** A page of a room's history by seq, oldest first; bounded by rows and bytes. */
export interface HistoryRead {
  readonly kind: "history";
  readonly token: number;
  readonly room: string;
  readonly after_seq?: number;
  readonly before_seq?: number;
  readonly limit: number;
  readonly most_bytes: number;
}

/** A page for REST: newest first, with timestamps below `before`. */
export interface RestRead {
  readonly kind: "rest_history";
  readonly token: number;
  readonly room: string;
  readonly before?: number;
  readonly limit: number;
  readonly most_bytes: number;
}

export type StoreRead = HistoryRead | RestRead;

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
  }
  /** Nothing was written. `conflict`: (from, id) is there with another text. `storage`: the disk or database failed. */
  | {
    readonly kind: "failed";
    readonly token: number;
    readonly why: "conflict" | "storage" | "no_room";
    readonly reason: string;
  }
  | {
    readonly kind: "page";
    readonly token: number;
    readonly messages: readonly StoredMessage[];
    readonly has_more: boolean;
  };

/** A room as it stands on disk at start. */
export interface StoredRoom {
  readonly name: string;
  readonly topic: string;
  readonly tags: readonly string[];
  readonly created_by: string;
  readonly created_at: number;
  /** When its last message was received; created_at when there is none. */
  readonly last_active: number;
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
}
