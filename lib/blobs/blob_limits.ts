/** Bounds of files at a relay (protocol.md section 18), unless its operator says otherwise. */
export const BLOB = {
  /** Largest file. */
  bytes: 16 * 2 ** 20,
  /** How long one is kept. */
  keptMs: 7 * 24 * 3_600_000,
} as const;

/** What one that is sealed may have beside, for padding and seal: a sixteenth of the largest, and so many bytes. */
const SEALED_MORE = { part: 1 / 16, bytes: 1_024 } as const;

/**
 * The most bytes at a relay of a file that belongs into a private room, or to two agents.
 *
 * @param bytes those of the largest plain one
 */
export function mostSealedBlob(bytes: number): number {
  return bytes + Math.ceil(bytes * SEALED_MORE.part) + SEALED_MORE.bytes;
}
