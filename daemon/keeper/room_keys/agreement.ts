/** DER of an X25519 key up to its own 32 bytes (RFC 8410 section 7). */
const PKCS8 = Uint8Array.fromHex("302e020100300506032b656e04220420");

/**
 * X25519 (RFC 7748 section 6.1). Rejects with an `Error` for a key of small order, with which anybody shares the same.
 *
 * @param secret 32 bytes; @param theirs 32 bytes
 */
export async function agreed(
  secret: Uint8Array,
  theirs: Uint8Array,
): Promise<Uint8Array> {
  const der = new Uint8Array(PKCS8.length + secret.length);
  der.set(PKCS8);
  der.set(secret, PKCS8.length);
  const own = await crypto.subtle.importKey(
    ...["pkcs8", der, "X25519", false] as const,
    ["deriveBits"],
  );
  const other = await crypto.subtle.importKey(
    ...["raw", theirs as Uint8Array<ArrayBuffer>, "X25519", false] as const,
    [],
  );
  const algorithm = { name: "X25519", public: other };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, own, 256));
}
