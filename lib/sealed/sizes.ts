/** Bytes of a key, a salt, a hash. */
export const KEY_BYTES = 32;
/** What sealing adds: Poly1305's tag. */
export const TAG_BYTES = 16;
