import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { joined } from "../../../lib/protocol/byte_layout.ts";
import { openBackKey, sealBackKey } from "../../../lib/sealed/derived_keys.ts";
import {
  commitmentOf,
  hkdf,
  label,
  sealOnce,
} from "../../../lib/sealed/primitives.ts";

const [key, parent, other] = [1, 2, 3].map((byte) =>
  new Uint8Array(32).fill(byte)
) as [Uint8Array, Uint8Array, Uint8Array];

Deno.test("openBackKey: the parent's key under its child's, and no other: nobody gives two members two keys", () => {
  const kc = commitmentOf(parent);
  const sealed = sealBackKey(key, parent);
  deepStrictEqual(openBackKey(key, { kc, sealed }), parent);
  strictEqual(openBackKey(other, { kc, sealed }), null);
  strictEqual(openBackKey(key, { kc: commitmentOf(other), sealed }), null);
  // As who has the child's key seals it: another one, as if it were the parent's.
  const under = hkdf(key, { salt: kc, info: "agentnet-e2e-1 back" });
  const aad = joined(label("back"), commitmentOf(key), kc);
  const lie = sealOnce(under, aad, other);
  strictEqual(openBackKey(key, { kc, sealed: lie }), null);
});
