/** Bytes of one piece of a view's copy, but for the last. */
export const VIEW_PIECE_BYTES = 262_144;

/** What the worker with the connection to the log's servers asks of the worker that has the copies. Answered by its call. */
export type ToViewCopies =
  /** A copy of this relay's view is wanted, in place of any before it. */
  | { readonly type: "make"; readonly call: number }
  /** A piece of it. */
  | { readonly type: "read"; readonly call: number; readonly offset: number }
  /** Another relay's copy of its view is to come. */
  | { readonly type: "begin"; readonly call: number }
  /** The next bytes of it. */
  | {
    readonly type: "write";
    readonly call: number;
    readonly bytes: Uint8Array;
  }
  /** That were all: it is to be looked at, and to be there for this relay's next start. */
  | {
    readonly type: "finish";
    readonly call: number;
    /** Of all bytes; hex. */
    readonly sha256: string;
    /** Names the log that it has to be the view of. */
    readonly log: string;
  }
  /** What was made, or has come so far, is not wanted any more. */
  | { readonly type: "drop"; readonly call: number };

/** The answers. */
export type FromViewCopies =
  | { readonly type: "done"; readonly call: number }
  | {
    readonly type: "made";
    readonly call: number;
    readonly size: number;
    /** Hex. */
    readonly sha256: string;
  }
  | {
    readonly type: "piece";
    readonly call: number;
    readonly bytes: Uint8Array;
  }
  /** @see ToViewCopies finish */
  | { readonly type: "taken"; readonly call: number; readonly position: number }
  | {
    readonly type: "failed";
    readonly call: number;
    readonly reason: string;
    /** `copy`: what came is not as it must be, on any disk; `storage`: this relay's own disk, or worker, did not do it. */
    readonly why: "copy" | "storage";
  };

/** What came is not as it must be: another relay's copy may be. */
export class BadCopy extends Error {}

/** What the keeper tells the worker that has the copies. */
export interface ToCopyWorker {
  readonly type: "init";
  readonly files: CopyFiles;
  /** To the worker that has the connection: ToViewCopies comes in, FromViewCopies goes out. */
  readonly port: MessagePort;
}

/** Paths, all in one folder. */
export interface CopyFiles {
  /** The view that the relay uses. */
  readonly view: string;
  /** The copy of it for another relay. */
  readonly given: string;
  /** Another relay's, as it comes in. */
  readonly coming: string;
  /** That, once it is whole and was looked at. */
  readonly taken: string;
}

/** SQLite's own names beside a database's file. */
export const DATABASE_PARTS: readonly string[] = [
  ...["", "-wal", "-shm", "-journal"],
];
