import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import { joined } from "../protocol/byte_layout.ts";
import { TAG_BYTES } from "./sizes.ts";

const CIPHER = "chacha20-poly1305";
/** Each key seals one thing, so its nonce is always this. */
const NONCE = new Uint8Array(12);

export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return Uint8Array.from(hash.digest());
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
