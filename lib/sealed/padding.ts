/** Nothing sealed is shorter. */
const LEAST = 128;
const END = 0x80;

/**
 * The length that so many bytes are padded to: at most 12 % more, and few lengths are told apart (Padmé; Nikitin et al.,
 * "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", section 4).
 */
export function paddedLength(bytes: number): number {
  const length = Math.max(bytes, LEAST);
  const exponent = 31 - Math.clz32(length);
  const kept = 32 - Math.clz32(exponent);
  const step = 2 ** (exponent - kept);
  return Math.ceil(length / step) * step;
}

/** The bytes, 80, and zeros up to the padded length. */
export function padded(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(paddedLength(bytes.length + 1));
  whole.set(bytes);
  whole[bytes.length] = END;
  return whole;
}

/** What was padded, in the one form in which {@link padded} does it; null for anything else. */
export function unpadded(whole: Uint8Array): Uint8Array | null {
  const end = whole.findLastIndex((byte) => byte !== 0);
  if (end < 0 || whole[end] !== END) return null;
  return whole.length === paddedLength(end + 1) ? whole.subarray(0, end) : null;
}
