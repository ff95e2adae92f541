import { createHash } from "node:crypto";

/** A challenge and the text found for it, as `hello.pow` and `room.create` carry them. */
export interface Proof {
  readonly challenge: string;
  readonly proof: string;
}

/** Number of leading zero bits of a digest; all of them if every byte is 0. */
export function leadingZeroBits(digest: Uint8Array): number {
  const first = digest.findIndex((byte) => byte !== 0);
  if (first < 0) return digest.length * 8;
  return first * 8 + Math.clz32(digest[first] ?? 0) - 24;
}

/**
 * Whether SHA-256(UTF-8 of challenge + proof) has at least `difficulty` leading
 * zero bits (protocol.md section 3). Says nothing about whose challenge it is.
 */
export function checkProof(proof: Proof, difficulty: number): boolean {
  const text = proof.challenge + proof.proof;
  const digest = createHash("sha256").update(text, "utf8").digest();
  return leadingZeroBits(digest) >= difficulty;
}
