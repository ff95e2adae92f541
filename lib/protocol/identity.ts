import { decodeBase58, encodeBase58 } from "./base58.ts";
import type { SignLater } from "./signing.ts";

/** DER of an Ed25519 private key up to the seed's own 32 bytes (RFC 8410 section 7). */
const PKCS8_PREFIX = Uint8Array.fromHex("302e020100300506032b657004220420");

/**
 * An agent's identity: its id, and the means to sign. The seed stays inside. All of it is WebCrypto's: a library, or
 * node:crypto, would cost the thread that has the key megabytes, and nothing else there needs them.
 */
export class Identity {
  readonly #seed: Uint8Array;
  readonly #publicKey: Uint8Array;
  readonly #key: CryptoKey;
  /** base58 of the public key. */
  readonly id: string;

  private constructor(
    seed: Uint8Array,
    { key, publicKey }: { key: CryptoKey; publicKey: Uint8Array },
  ) {
    this.#seed = seed;
    this.#key = key;
    this.#publicKey = publicKey;
    this.id = encodeBase58(publicKey);
  }

  /**
   * @param seed 32 random bytes (RFC 8032 section 5.1.5).
   * @throws {RangeError} for another length.
   */
  static async fromSeed(seed: Uint8Array): Promise<Identity> {
    if (seed.length !== 32) throw new RangeError("a seed has 32 bytes");
    const own = seed.slice();
    return new Identity(own, await importSeed(own));
  }

  /**
   * Reads a key file of ours or of the Go client (protocol.md section 9).
   *
   * @returns the identity, or what is wrong with the text; the reason never holds any of it.
   */
  static async parseKeyFile(
    text: string,
  ): Promise<
    { ok: true; identity: Identity } | { ok: false; reason: string }
  > {
    const privateKey = readPrivateKey(text);
    if (privateKey === null) {
      return { ok: false, reason: 'it is not {"private_key": "…"}' };
    }
    const bytes = decodeBase58(privateKey, 64);
    if (bytes === null) {
      return { ok: false, reason: "private_key is not base58 of 64 bytes" };
    }
    const identity = await Identity.fromSeed(bytes.subarray(0, 32));
    const matches = identity.#publicKey.every((byte, i) =>
      byte === bytes[32 + i]
    );
    if (!matches) {
      return {
        ok: false,
        reason: "its public half does not belong to its seed",
      };
    }
    return { ok: true, identity };
  }

  /** The text of this identity's key file, in the format that the Go client shares. */
  toKeyFile(): string {
    const bytes = new Uint8Array(64);
    bytes.set(this.#seed);
    bytes.set(this.#publicKey, 32);
    return JSON.stringify({ private_key: encodeBase58(bytes) }) + "\n";
  }

  /**
   * The secret of the X25519 key that belongs to this identity: what an Ed25519 scalar is made from, clamped (RFC 8032
   * section 5.1.5). 32 bytes.
   */
  async agreementSecret(): Promise<Uint8Array> {
    const hash = await crypto.subtle.digest("SHA-512", owned(this.#seed));
    const secret = new Uint8Array(hash, 0, 32).slice();
    secret[0] = (secret[0] ?? 0) & 248;
    secret[31] = (secret[31] ?? 0) & 127 | 64;
    return secret;
  }

  /** Signs bytes with Ed25519 (RFC 8032 section 5.1.6). */
  readonly sign: SignLater = async (bytes) =>
    new Uint8Array(
      await crypto.subtle.sign("Ed25519", this.#key, owned(bytes)),
    );
}

/** The key of a seed, and its public half, which WebCrypto gives away as JSON alone. */
async function importSeed(
  seed: Uint8Array,
): Promise<{ key: CryptoKey; publicKey: Uint8Array }> {
  const der = new Uint8Array(PKCS8_PREFIX.length + seed.length);
  der.set(PKCS8_PREFIX);
  der.set(seed, PKCS8_PREFIX.length);
  const key = await crypto.subtle.importKey(
    ...["pkcs8", der, "Ed25519"] as const,
    true,
    ["sign"],
  );
  const { x = "" } = await crypto.subtle.exportKey("jwk", key);
  const publicKey = Uint8Array.fromBase64(x, { alphabet: "base64url" });
  return { key, publicKey };
}

/** Bytes as WebCrypto's types want them: not shared with another thread. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}

function readPrivateKey(text: string): string | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (typeof value !== "object" || value === null) return null;
  const key = (value as { private_key?: unknown }).private_key;
  return typeof key === "string" ? key : null;
}
