/** Bytes of one piece of a file as the servers of a cluster's log have it. */
export const OBJECT_PIECE_BYTES = 131_072;

/** What the files' worker asks of the worker that has the connection to the servers. Each is answered by its call. */
export type ToObjects =
  /** A piece of a file, to be kept for the other relays. */
  | {
    readonly type: "store";
    readonly call: number;
    readonly id: string;
    /** From 0; the pieces of a file are asked for in order. */
    readonly piece: number;
    readonly bytes: Uint8Array;
  }
  /** A piece of a file that another relay stored. */
  | {
    readonly type: "load";
    readonly call: number;
    readonly id: string;
    readonly piece: number;
    /** The place of the piece before; 0 for the first. */
    readonly after: number;
  }
  /** Which files the servers have. */
  | { readonly type: "ids"; readonly call: number }
  /** These are nobody's. */
  | {
    readonly type: "purge";
    readonly call: number;
    readonly ids: readonly string[];
  };

/** The answers. */
export type FromObjects =
  | { readonly type: "done"; readonly call: number }
  | {
    readonly type: "loaded";
    readonly call: number;
    readonly bytes: Uint8Array;
    readonly place: number;
  }
  | {
    readonly type: "ids";
    readonly call: number;
    readonly ids: readonly string[];
  }
  | {
    readonly type: "failed";
    readonly call: number;
    readonly isMissing: boolean;
    readonly reason: string;
  };
