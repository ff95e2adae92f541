/** Bytes of one piece of a file on its way, at most. */
export const PIECE_BYTES = 65_536;
/** Bytes of one file that may be under way between the two workers. */
export const WINDOW_BYTES = 4 * PIECE_BYTES;

/** Names one file on its way for the life of the port. */
interface OfTransfer {
  readonly transfer: number;
}

/** A file by its bytes, and by the name under which a cluster's relays share it. */
export interface BlobName {
  /** Hex. */
  readonly sha256: string;
  readonly size: number;
  readonly id: string;
}

/** What the sockets' worker tells the files' worker. */
export type ToBlobs =
  /** A file comes in: its bytes follow, in order, and `end` or `cancel`. */
  | OfTransfer & BlobName & { readonly type: "put" }
  | OfTransfer & { readonly type: "bytes"; readonly bytes: Uint8Array }
  | OfTransfer & { readonly type: "end" }
  | OfTransfer & { readonly type: "cancel" }
  /** A file is wanted: answered by `opened`, then by its bytes, as many as were asked for. */
  | OfTransfer & BlobName & { readonly type: "get" }
  | OfTransfer & { readonly type: "more"; readonly bytes: number }
  /** Which files there are: answered by `listed`, in parts. */
  | { readonly type: "list" }
  /** Nobody has these, as of the last list. */
  | { readonly type: "remove"; readonly hashes: readonly string[] }
  /** Which files a cluster's servers have: answered by `objects`; not at all by a relay by itself. */
  | { readonly type: "list_objects" }
  /** Of those nobody has these. */
  | { readonly type: "purge_objects"; readonly ids: readonly string[] };

/** What the files' worker tells the sockets' worker. */
export type FromBlobs =
  /** So many bytes of a file that comes in are written: as many more may follow. */
  | OfTransfer & { readonly type: "taken"; readonly bytes: number }
  /** It is whole, and on the disk. */
  | OfTransfer & { readonly type: "stored" }
  | OfTransfer & { readonly type: "opened" }
  | OfTransfer & { readonly type: "bytes"; readonly bytes: Uint8Array }
  /** All of a file was said. */
  | OfTransfer & { readonly type: "ended" }
  /** It goes no further: the bytes are others, the file is not there, or the disk failed. */
  | OfTransfer & {
    readonly type: "failed";
    readonly why: "mismatch" | "missing" | "storage";
    /** For the log and, of a mismatch, for whoever sent it. */
    readonly reason: string;
  }
  | {
    readonly type: "listed";
    readonly hashes: readonly string[];
  }
  | { readonly type: "objects"; readonly ids: readonly string[] };

/** What the keeper tells the files' worker. */
export type ToBlobWorker =
  /** The first message. */
  | {
    readonly type: "init";
    /** Absolute; made where it is missing. */
    readonly folder: string;
    readonly port: MessagePort;
    /** To the worker that has the connection to a cluster's servers; null for a relay by itself. */
    readonly objects: MessagePort | null;
  }
  /** That worker was started again. */
  | { readonly type: "objects"; readonly objects: MessagePort }
  /** The sockets were started again. */
  | { readonly type: "port"; readonly port: MessagePort };
