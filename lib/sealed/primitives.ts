import {
  createCipheriv,
  createDecipheriv,
  createHash,
  hkdfSync,
} from "node:crypto";
import { bigEndian, joined } from "../protocol/byte_layout.ts";
import type { RoomName } from "../protocol/names.ts";
import { KEY_BYTES, TAG_BYTES } from "./sizes.ts";

export { KEY_BYTES, TAG_BYTES };

const CIPHER = "chacha20-poly1305";
/** Each key seals one thing, so its nonce is always this. */
const NONCE = new Uint8Array(12);
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

export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return Uint8Array.from(hash.digest());
}

/** HKDF-SHA256 (RFC 5869). @param info bytes, or a word of ours as it is */
export function hkdf(
  key: Uint8Array,
  { salt = new Uint8Array(), info, bytes = KEY_BYTES }: {
    readonly salt?: Uint8Array;
    readonly info: Uint8Array | string;
    readonly bytes?: number;
  },
): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", key, salt, info, bytes));
}

/** ChaCha20-Poly1305 (RFC 8439) under a key that seals nothing else. */
export function sealOnce(
  key: Uint8Array,
  aad: Uint8Array,
  text: Uint8Array,
): Uint8Array {
  const options = { authTagLength: TAG_BYTES };
  const cipher = createCipheriv(CIPHER, key, NONCE, options);
  cipher.setAAD(aad, { plaintextLength: text.length });
  return joined(cipher.update(text), cipher.final(), cipher.getAuthTag());
}

/** What {@link sealOnce} sealed; null for anything else. */
export function openOnce(
  key: Uint8Array,
  aad: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | null {
  if (sealed.length < TAG_BYTES) return null;
  const text = sealed.subarray(0, -TAG_BYTES);
  const options = { authTagLength: TAG_BYTES };
  const cipher = createDecipheriv(CIPHER, key, NONCE, options);
  cipher.setAAD(aad, { plaintextLength: text.length });
  cipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const opened = cipher.update(text);
  try {
    return joined(opened, cipher.final());
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}

/** By what an epoch's key is known: nobody can give two members two keys under one commitment. */
export function commitmentOf(epochKey: Uint8Array): Uint8Array {
  return hkdf(epochKey, { info: "agentnet-e2e-1 key" });
}

/** The key of one message, or of one record's state, by its salt. */
export function messageKey(
  epochKey: Uint8Array,
  salt: Uint8Array,
): Uint8Array {
  return hkdf(epochKey, { salt, info: "agentnet-e2e-1 message" });
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
