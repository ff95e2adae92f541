import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  openBackKey,
  sealBackKey,
} from "../../../../daemon/keeper/room_keys/back_keys.ts";
import { joined } from "../../../../lib/protocol/byte_layout.ts";
import {
  commitmentOf,
  SourceKey,
} from "../../../../lib/sealed/derived_keys.ts";
import { label } from "../../../../lib/sealed/labelled_bytes.ts";
import { sealOnce } from "../../../../lib/sealed/primitives.ts";

const [key, parent, other] = [1, 2, 3].map((byte) =>
  new Uint8Array(32).fill(byte)
) as [Uint8Array, Uint8Array, Uint8Array];
const child = new SourceKey(key);

Deno.test("openBackKey: the parent's key under its child's, and no other: nobody gives two members two keys", async () => {
  const { kc, sealed } = await sealBackKey(child, parent);
  deepStrictEqual(kc, await commitmentOf(parent));
  deepStrictEqual(await openBackKey(child, { kc, sealed }), parent);
  strictEqual(await openBackKey(new SourceKey(other), { kc, sealed }), null);
  const wrong = { kc: await commitmentOf(other), sealed };
  strictEqual(await openBackKey(child, wrong), null);
  // As who has the child's key seals it: another one, as if it were the parent's.
  const info = "agentnet-e2e-1 back";
  const under = await child.derive({ salt: kc, info });
  const aad = joined(label("back"), await commitmentOf(key), kc);
  const lie = sealOnce(under, aad, other);
  strictEqual(await openBackKey(child, { kc, sealed: lie }), null);
});
