import { hashes, verify as verifyPlainly } from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";
import { parseAgentId } from "../../lib/protocol/agent_id.ts";
import { decodeBase58 } from "../../lib/protocol/base58.ts";
import { deliveredBytes } from "../../lib/protocol/signing.ts";
import type { MessageRow } from "./rows.ts";

/** What this browser found of a message's signature. */
export type Verdict = "verified" | "forged" | "unsigned";

/** Checks an Ed25519 signature (RFC 8032 section 5.1.7). */
export type Verify = (
  signature: Uint8Array<ArrayBuffer>,
  bytes: Uint8Array<ArrayBuffer>,
  key: Uint8Array<ArrayBuffer>,
) => Promise<boolean>;

/** Whether a row of a room bears its author's signature (docs/protocol.md, sections 2 and 8). */
export async function checkRow(
  { row }: MessageRow,
  room: string,
  verify: Verify,
): Promise<Verdict> {
  const { from_id, content, signature, ...rest } = row;
  if (signature === undefined) return "unsigned";
  if (typeof signature !== "string" || row.room !== room) return "forged";
  const shown = decodeBase58(signature, 64);
  const key = parseAgentId(String(from_id));
  if (shown === null || key === null) return "forged";
  const frame = {
    ...rest,
    ...{ type: "message", from: from_id },
    content: JSON.parse(String(content)),
  };
  const bytes = new Uint8Array(deliveredBytes(frame));
  const isTrue = await verify(
    new Uint8Array(shown),
    bytes,
    new Uint8Array(key),
  );
  return isTrue ? "verified" : "forged";
}

/** By the browser's own crypto, which pages have on https and loopback alone; by noble elsewhere. */
export async function chooseVerify(
  subtle: SubtleCrypto | undefined,
): Promise<Verify> {
  if (subtle === undefined || !await knowsEd25519(subtle)) return plain;
  return async (signature, bytes, key) => {
    const imported = await importKey(subtle, key);
    return imported !== null &&
      await subtle.verify("Ed25519", imported, signature, bytes);
  };
}

/** A whole check in JavaScript: some milliseconds each. */
export const plain: Verify = (signature, bytes, key) => {
  hashes.sha512 = sha512;
  return Promise.resolve(verifyPlainly(signature, bytes, key));
};

/** The key of RFC 8032's first test. */
const KNOWN_KEY =
  "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

async function knowsEd25519(subtle: SubtleCrypto): Promise<boolean> {
  const bytes = new Uint8Array(32);
  for (let at = 0; at < 32; at++) {
    bytes[at] = Number.parseInt(KNOWN_KEY.slice(2 * at, 2 * at + 2), 16);
  }
  return await importKey(subtle, bytes) !== null;
}

/** Null for a key that is no point of the curve, and where the browser knows no such keys. */
async function importKey(
  subtle: SubtleCrypto,
  key: Uint8Array<ArrayBuffer>,
): Promise<CryptoKey | null> {
  try {
    return await subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}
