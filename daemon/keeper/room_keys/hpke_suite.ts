import {
  type AEAD,
  AEAD_ChaCha20Poly1305,
  CipherSuite,
  KDF_HKDF_SHA256,
  KEM_DHKEM_X25519_HKDF_SHA256,
} from "hpke";
import { open, seal } from "./chacha_poly.ts";

/** The runtime's WebCrypto has all of the suite but its cipher. */
const chacha = (): AEAD => ({
  ...AEAD_ChaCha20Poly1305(),
  Seal: (key, nonce, aad, text) =>
    Promise.resolve(seal({ key, nonce, aad }, text)),
  Open(key, nonce, aad, sealed) {
    const text = open({ key, nonce, aad }, sealed);
    return text === null
      ? Promise.reject(new Error("it was not sealed so"))
      : Promise.resolve(text);
  },
});

const suite = new CipherSuite(
  KEM_DHKEM_X25519_HKDF_SHA256,
  KDF_HKDF_SHA256,
  chacha,
);

/** Something sealed to an X25519 key. */
export interface HpkeSealed {
  /** 32 bytes. */
  readonly enc: Uint8Array;
  readonly ct: Uint8Array;
}

/** HPKE, base mode, one shot (RFC 9180 section 6.1): DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305. */
export async function hpkeSeal(
  text: Uint8Array,
  { to, info }: { readonly to: Uint8Array; readonly info: Uint8Array },
): Promise<HpkeSealed> {
  const key = await suite.DeserializePublicKey(to);
  const { encapsulatedSecret: enc, ciphertext: ct } = await suite.Seal(
    key,
    text,
    { info },
  );
  return { enc, ct };
}

/** Rejects for what was not sealed to this key with this info. @param secret 32 bytes */
export async function hpkeOpen(
  { enc, ct }: HpkeSealed,
  { secret, info, aad }: {
    readonly secret: Uint8Array;
    readonly info: Uint8Array;
    readonly aad?: Uint8Array;
  },
): Promise<Uint8Array> {
  const key = await suite.DeserializePrivateKey(secret, true);
  const options = aad === undefined ? { info } : { info, aad };
  return await suite.Open(key, enc, ct, options);
}
