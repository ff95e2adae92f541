import { bigEndian, joined } from "../protocol/byte_layout.ts";
import type { RoomName } from "../protocol/names.ts";

const encoder = new TextEncoder();

/** What keeps the uses of one key apart: each begins with another word (protocol.md section 14). */
export function label(word: string): Uint8Array {
  return encoder.encode(`agentnet-e2e-1 ${word}\0`);
}

/** Bytes with their length before them, so that no two lists of fields are the same bytes. */
export function field(part: Uint8Array | string): Uint8Array {
  const bytes = typeof part === "string" ? encoder.encode(part) : part;
  return joined(bigEndian(bytes.length, 2), bytes);
}

/** What a key is asked to sign: a word of ours, a room, its owner and a hash, nothing else. */
export type StatementKind = "said" | "epoch";
export interface Statement {
  readonly kind: StatementKind;
  readonly room: RoomName;
  /** The signer's key, 32 bytes. */
  readonly author: Uint8Array;
  /** 32 bytes. */
  readonly hash: Uint8Array;
}

/** The bytes that are signed: no frame, whose signed bytes begin with "{". */
export function statementBytes(
  { kind, room, author, hash }: Statement,
): Uint8Array {
  return joined(label(kind), field(room), field(author), hash);
}
