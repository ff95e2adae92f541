import { chacha20poly1305 } from "@noble/ciphers/chacha.js";

/** ChaCha20-Poly1305 (RFC 8439). The runtime's WebCrypto has none. */
export function seal(
  { key, nonce, aad }: Seal,
  text: Uint8Array,
): Uint8Array {
  return chacha20poly1305(key, nonce, aad).encrypt(text);
}

/** Null for what was not sealed just so. */
export function open(
  { key, nonce, aad }: Seal,
  sealed: Uint8Array,
): Uint8Array | null {
  try {
    return chacha20poly1305(key, nonce, aad).decrypt(sealed);
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}

/** With what something is sealed. */
export interface Seal {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** 12 bytes. */
  readonly nonce: Uint8Array;
  readonly aad: Uint8Array;
}

/** The nonce of a key that seals one thing alone. */
export const ONCE: Uint8Array = new Uint8Array(12);
