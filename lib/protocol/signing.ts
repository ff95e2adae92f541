import { encodeBase58 } from "./base58.ts";
import { canonicalJson, type JsonValue } from "./canonical_json.ts";
import { type RawObject, RELAY_FIELDS } from "./frames.ts";

const encoder = new TextEncoder();

/** Makes an Ed25519 signature over the bytes: 64 bytes. In the daemon only the keeper can. */
export type SignLater = (bytes: Uint8Array) => Promise<Uint8Array>;

/** The same at once. */
export type Sign = (bytes: Uint8Array) => Uint8Array;

/** The bytes that a frame's signature covers: its canonical JSON without `signature` (protocol.md section 2). */
export function signedBytes(raw: RawObject): Uint8Array {
  const { signature: _signature, ...rest } = raw;
  return encoder.encode(canonicalJson(rest as JsonValue));
}

/** The bytes that a delivered message's signature covers: also without what the relay added (protocol.md section 7). */
export function deliveredBytes(raw: RawObject): Uint8Array {
  const rest: Record<string, unknown> = Object.assign(Object.create(null), raw);
  for (const field of RELAY_FIELDS) delete rest[field];
  return signedBytes(rest);
}

/** The frame with its signature, base58. */
export function signFrame<Frame extends object>(
  frame: Frame,
  sign: Sign,
): Frame & { readonly signature: string } {
  const signature = encodeBase58(sign(signedBytes(frame as RawObject)));
  return { ...frame, signature };
}
