/**
 * Whether bytes are those that are wanted, in a time that tells nothing of them but their number. As node:crypto's
 * timingSafeEqual, which would load two megabytes into threads that need nothing else of it.
 */
export function isSameSecret(shown: Uint8Array, wanted: Uint8Array): boolean {
  if (shown.length !== wanted.length) return false;
  let difference = 0;
  for (let i = 0; i < wanted.length; i++) {
    difference |= (shown[i] ?? 0) ^ (wanted[i] ?? 0);
  }
  return difference === 0;
}
