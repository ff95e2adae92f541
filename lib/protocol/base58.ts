import { base58 } from "@scure/base";

/** Base58 in the Bitcoin alphabet (protocol.md section 1). */
export function encodeBase58(bytes: Uint8Array): string {
  return base58.encode(bytes);
}

/**
 * Decodes base58 text that must hold exactly `bytes` bytes. Its length is bounded before it is decoded, since
 * decoding takes time that grows with the square of the length.
 *
 * @returns the bytes, or null when the text is not base58 of just that many bytes.
 */
export function decodeBase58(text: string, bytes: number): Uint8Array | null {
  if (text.length === 0 || text.length > maxLength(bytes)) return null;
  if (!/^[1-9A-HJ-NP-Za-km-z]+$/.test(text)) return null;
  const decoded = base58.decode(text);
  return decoded.length === bytes ? decoded : null;
}

/** log(256) / log(58) is just under 1.366. */
function maxLength(bytes: number): number {
  return Math.ceil(bytes * 1.366);
}
