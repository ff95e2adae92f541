import { decodeBase58 } from "./base58.ts";

/** An agent id: base58 of a 32-byte Ed25519 public key that passed {@link parseAgentId}. */
export type AgentId = string & { readonly __agentId: never };

/** 2^255 - 19, little-endian. */
const FIELD_PRIME = Uint8Array.fromHex("ed" + "ff".repeat(30) + "7f");

/** The y coordinates, little-endian, of the points of small order, for each of which one signature fits every message. */
const SMALL_ORDER_Y = [
  "00".repeat(32),
  "01" + "00".repeat(31),
  "ec" + "ff".repeat(30) + "7f",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
].map((hex) => Uint8Array.fromHex(hex));

/** How many parsed ids are remembered; each is about 150 bytes. */
const REMEMBERED = 4096;
const parsed = new Map<string, Uint8Array>();

/**
 * Reads an agent id: exactly 32 bytes of base58, a canonical encoding, and not a point of small order.
 *
 * @returns the public key, or null when the text is no id that an honest agent can have.
 * @see protocol.md section 1; RFC 8032 section 5.1.3
 */
export function parseAgentId(text: string): Uint8Array | null {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const key = decodeBase58(text, 32);
  if (key === null || !isUsableKey(key)) return null;
  if (parsed.size >= REMEMBERED) parsed.clear();
  parsed.set(text, key);
  return key;
}

/** Whether the text is an agent id in the sense of {@link parseAgentId}. */
export function isAgentId(text: string): text is AgentId {
  return parseAgentId(text) !== null;
}

/** The first 8 characters of an id: what people and models are shown. */
export function shortKey(id: string): string {
  return id.slice(0, 8);
}

function isUsableKey(key: Uint8Array): boolean {
  const y = key.slice();
  y[31] = (y[31] ?? 0) & 0x7f;
  if (!isBelow(y, FIELD_PRIME)) return false;
  return !SMALL_ORDER_Y.some((small) => isSame(y, small));
}

function isBelow(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 31; i >= 0; i--) {
    const x = a[i] ?? 0;
    const y = b[i] ?? 0;
    if (x !== y) return x < y;
  }
  return false;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((byte, i) => byte === b[i]);
}
