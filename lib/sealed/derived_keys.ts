import { parseAgentId } from "../protocol/agent_id.ts";
import { joined } from "../protocol/byte_layout.ts";
import type { RoomName } from "../protocol/names.ts";
import {
  commitmentOf,
  hkdf,
  KEY_BYTES,
  label,
  openOnce,
  sealOnce,
} from "./primitives.ts";
import { privateWire } from "./sealed_text.ts";

/** A parent's key, sealed under its child's, so that who has that one reads what was before. */
export function sealBackKey(
  key: Uint8Array,
  parentKey: Uint8Array,
): Uint8Array {
  const kc = commitmentOf(key);
  const parent = commitmentOf(parentKey);
  return sealOnce(underKey(key, parent), backAad(kc, parent), parentKey);
}

/** Null where it is not the key of which `parent` is the commitment. */
export function openBackKey(
  key: Uint8Array,
  { kc: parent, sealed }: {
    readonly kc: Uint8Array;
    readonly sealed: Uint8Array;
  },
): Uint8Array | null {
  const aad = backAad(commitmentOf(key), parent);
  const opened = openOnce(underKey(key, parent), aad, sealed);
  if (opened === null) return null;
  return commitmentOf(opened).toHex() === parent.toHex() ? opened : null;
}

function underKey(key: Uint8Array, parent: Uint8Array): Uint8Array {
  return hkdf(key, { salt: parent, info: "agentnet-e2e-1 back" });
}

function backAad(kc: Uint8Array, parent: Uint8Array): Uint8Array {
  return joined(label("back"), kc, parent);
}

/** The room of two agents and its key, which both have without a word. */
export interface Pair {
  readonly room: RoomName;
  readonly key: Uint8Array;
}

/** @param shared X25519 of one's secret and the other's public key; @param ids both, in any order */
export function pairOf(
  shared: Uint8Array,
  ids: readonly [string, string],
): Pair {
  const keys = ids.map((id) => parseAgentId(id));
  const [low, high] = keys
    .flatMap((key) => key ?? [])
    .toSorted((a, b) => a.toHex() < b.toHex() ? -1 : 1);
  if (low === undefined || high === undefined) {
    throw new RangeError("a pair has two agents");
  }
  const info = joined(label("pair"), low, high);
  const bytes = hkdf(shared, { info, bytes: KEY_BYTES + 16 });
  return {
    key: bytes.subarray(0, KEY_BYTES),
    room: privateWire(bytes.subarray(KEY_BYTES)),
  };
}
