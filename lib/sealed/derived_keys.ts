import { parseAgentId } from "../protocol/agent_id.ts";
import { joined } from "../protocol/byte_layout.ts";
import type { RoomName } from "../protocol/names.ts";
import { label } from "./labelled_bytes.ts";
import { privateWire } from "./sealed_text.ts";
import { KEY_BYTES } from "./sizes.ts";

const encoder = new TextEncoder();

/** What keys are derived with. */
interface Derivation {
  readonly salt?: Uint8Array;
  /** Bytes, or a word of ours as it is. */
  readonly info: Uint8Array | string;
  /** How many; 32 where nothing is said. */
  readonly bytes?: number;
}

/** A key that others are derived from, by HKDF-SHA256 (RFC 5869). WebCrypto is given it once. */
export class SourceKey {
  readonly bytes: Uint8Array;
  #given: Promise<CryptoKey> | undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  async derive(
    { salt = new Uint8Array(), info, bytes = KEY_BYTES }: Derivation,
  ): Promise<Uint8Array> {
    this.#given ??= crypto.subtle.importKey(
      ...["raw", owned(this.bytes), "HKDF", false] as const,
      ["deriveBits"],
    );
    const algorithm = {
      ...{ name: "HKDF", hash: "SHA-256", salt: owned(salt) },
      info: owned(typeof info === "string" ? encoder.encode(info) : info),
    };
    const key = await this.#given;
    return new Uint8Array(
      await crypto.subtle.deriveBits(algorithm, key, bytes * 8),
    );
  }
}

/** By what an epoch's key is known: nobody can give two members two keys under one commitment. */
export async function commitmentOf(epochKey: Uint8Array): Promise<Uint8Array> {
  return await new SourceKey(epochKey).derive({ info: "agentnet-e2e-1 key" });
}

/** The key of one message, or of one record's state, by its salt. */
export async function messageKey(
  epochKey: SourceKey,
  salt: Uint8Array,
): Promise<Uint8Array> {
  return await epochKey.derive({ salt, info: "agentnet-e2e-1 message" });
}

/** What a parent's key is sealed with under its child's. @param parent the commitment of the parent's */
export async function backSealKey(
  key: SourceKey,
  parent: Uint8Array,
): Promise<Uint8Array> {
  return await key.derive({ salt: parent, info: "agentnet-e2e-1 back" });
}

/** The room of two agents and its key, which both have without a word. */
export interface Pair {
  readonly room: RoomName;
  readonly key: Uint8Array;
}

/** @param shared X25519 of one's secret and the other's public key; @param ids both, in any order */
export async function pairOf(
  shared: Uint8Array,
  ids: readonly [string, string],
): Promise<Pair> {
  const keys = ids.map((id) => parseAgentId(id));
  const [low, high] = keys
    .flatMap((key) => key ?? [])
    .toSorted((a, b) => a.toHex() < b.toHex() ? -1 : 1);
  if (low === undefined || high === undefined) {
    throw new RangeError("a pair has two agents");
  }
  const info = joined(label("pair"), low, high);
  const bytes = await new SourceKey(shared).derive({
    ...{ info, bytes: KEY_BYTES + 16 },
  });
  return {
    key: bytes.slice(0, KEY_BYTES),
    room: privateWire(bytes.subarray(KEY_BYTES)),
  };
}

/** Bytes as WebCrypto's types want them: not shared with another thread. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}
