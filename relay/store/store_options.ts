/** What the store keeps at most, and how it groups. Milliseconds, rows, bytes. */
export interface StoreOptions {
  /** Age at which a message goes. */
  readonly retainMs: number;
  /** Messages kept in all; undefined: as many as `mostBytes` holds. */
  readonly retainRows?: number | undefined;
  /** Messages kept of one room, so that no room pushes out the others'. */
  readonly retainRoomRows: number;
  /** Size of the database file; past nine tenths of it the oldest messages go. */
  readonly mostBytes: number;
  /** How long a write waits for company before its commit. */
  readonly commitDelayMs: number;
  /** Rows of one commit at most. */
  readonly commitRows: number;
  /** How long a write waits for a locked database before it fails. */
  readonly lockedMs: number;
  /** The view of a cluster's log, which is the truth: no commit waits for the disk, and nothing goes but by its ticks. */
  readonly isView: boolean;
}

/** The defaults of docs/running.md. */
export const STORE_DEFAULTS: StoreOptions = {
  retainMs: 30 * 24 * 3_600_000,
  retainRoomRows: 100_000,
  mostBytes: 8 * 2 ** 30,
  commitDelayMs: 1,
  commitRows: 512,
  lockedMs: 2_000,
  isView: false,
};

/** The keeper's first message to the store's worker. */
export interface StoreInit {
  readonly type: "init";
  /** The database file; its folder exists. */
  readonly path: string;
  /** What differs from {@link STORE_DEFAULTS}. */
  readonly options: Partial<StoreOptions>;
  /** To the socket worker: arrays of StoreRequest come in, StoreSays goes out. */
  readonly port: MessagePort;
}

/** What the store's worker tells the keeper: it can be used, or can't yet, and why; it keeps trying. */
export type StoreState =
  | { readonly type: "store_ready" }
  | {
    readonly type: "store_unusable";
    readonly reason: string;
    /** Trying again is of no use: a person must put the file right. */
    readonly isDamaged: boolean;
  };
