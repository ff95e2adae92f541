import { Buffer } from "node:buffer";
import { createPrivateKey, createPublicKey, sign } from "node:crypto";
import { encodeBase58 } from "../../lib/protocol/base58.ts";
import type { Sign } from "../../lib/protocol/signing.ts";

/** What a peer in a test needs of an identity. */
export interface PeerIdentity {
  /** base58 of the public key. */
  readonly id: string;
  readonly sign: Sign;
}

/** DER of an Ed25519 private key up to the seed's own 32 bytes (RFC 8410 section 7). */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/** The same identity for the same number. */
export function fastIdentity(number: number): PeerIdentity {
  const seed = Buffer.alloc(32);
  seed.writeUInt32BE(number + 1);
  return identityOf(seed);
}

/** The identity of a seed; signs with node:crypto, at once and thousands of frames a second. */
export function identityOf(seed: Uint8Array): PeerIdentity {
  const key = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, seed]),
    format: "der",
    type: "pkcs8",
  });
  const spki = createPublicKey(key as unknown as string)
    .export({ format: "der", type: "spki" }) as Buffer;
  return {
    id: encodeBase58(new Uint8Array(spki.subarray(-32))),
    sign: (bytes) => new Uint8Array(sign(null, bytes, key)),
  };
}
