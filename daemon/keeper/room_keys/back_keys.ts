import { joined } from "../../../lib/protocol/byte_layout.ts";
import {
  backSealKey,
  commitmentOf,
  type SourceKey,
} from "../../../lib/sealed/derived_keys.ts";
import type { BackKey } from "../../../lib/sealed/epoch_state.ts";
import { label } from "../../../lib/sealed/labelled_bytes.ts";
import { ONCE, open, type Seal, seal } from "./chacha_poly.ts";

/** A parent's key, sealed under its child's, so that who has that one reads what was before. */
export async function sealBackKey(
  key: SourceKey,
  parentKey: Uint8Array,
): Promise<BackKey> {
  const kc = await commitmentOf(parentKey);
  return { kc, sealed: seal(await backSeal(key, kc), parentKey) };
}

/** Null where it is not the key of which `kc` is the commitment. */
export async function openBackKey(
  key: SourceKey,
  { kc, sealed }: BackKey,
): Promise<Uint8Array | null> {
  const opened = open(await backSeal(key, kc), sealed);
  if (opened === null) return null;
  return (await commitmentOf(opened)).toHex() === kc.toHex() ? opened : null;
}

async function backSeal(key: SourceKey, parent: Uint8Array): Promise<Seal> {
  const kc = await commitmentOf(key.bytes);
  const aad = joined(label("back"), kc, parent);
  return { key: await backSealKey(key, parent), nonce: ONCE, aad };
}
