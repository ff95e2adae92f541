/** What files may take up: bytes, each file counted as at least {@link LEAST_COUNTED}. */
export interface BlobQuotas {
  /** Of one agent. */
  readonly agentBytes: number;
  /** Of all agents that came from one address. */
  readonly addressBytes: number;
  /** Of one room, or of two agents. */
  readonly scopeBytes: number;
  /** In all. */
  readonly totalBytes: number;
}

/** What a file counts as at least, so that they are bounded by number too. */
export const LEAST_COUNTED = 65_536;

/** A place for a file that comes in; it is nobody's to read before {@link StoreBlobKept}. Answered by `stored`, or failed as `full`, `reason` being whose quota it is: "agent", "address", "scope" or "total". */
export interface StoreBlobReserved {
  readonly kind: "blob_reserved";
  readonly token: number;
  /** Names the place, and no other ever. */
  readonly id: string;
  readonly owner: string;
  /** The limits' key of the address that it came from. */
  readonly address: string;
  /** Whose it is (lib/blobs/blob_scope.ts). */
  readonly scope: string;
  /** Hex. */
  readonly sha256: string;
  readonly size: number;
  /** When the place goes unless the file is kept by then. */
  readonly until: number;
  readonly quotas: BlobQuotas;
}

/** The file is here: it takes the place of an earlier one with the same owner, scope and bytes. Failed as `no_room` where its place is gone. */
export interface StoreBlobKept {
  readonly kind: "blob_kept";
  readonly token: number;
  readonly id: string;
  readonly until: number;
}

/** The file did not come: its place is free. One that is kept stays. */
export interface StoreBlobDropped {
  readonly kind: "blob_dropped";
  readonly token: number;
  readonly id: string;
}

export type StoreBlob = StoreBlobReserved | StoreBlobKept | StoreBlobDropped;

/** A file of a scope that is kept at a time; answered by `blob`. */
export interface BlobRead {
  readonly kind: "blob";
  readonly token: number;
  readonly scope: string;
  readonly sha256: string;
  readonly size: number;
  readonly at: number;
}

/** Which of these anybody has a file, or a place for one, of: hashes and ids; answered by `blobs_known`. */
export interface BlobsKnownRead {
  readonly kind: "blobs_known";
  readonly token: number;
  readonly hashes: readonly string[];
  readonly ids: readonly string[];
}

/** A file that is kept. */
export interface StoredBlob {
  readonly id: string;
  readonly until: number;
}

export type BlobAnswer =
  | {
    readonly kind: "blob";
    readonly token: number;
    readonly blob: StoredBlob | null;
  }
  | {
    readonly kind: "blobs_known";
    readonly token: number;
    readonly hashes: readonly string[];
    readonly ids: readonly string[];
    /** Files, and places for some, in all, and what they count as. */
    readonly files: number;
    readonly bytes: number;
  };
