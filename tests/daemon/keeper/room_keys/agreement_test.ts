import { rejects, strictEqual } from "node:assert/strict";
import { agreed } from "../../../../daemon/keeper/room_keys/agreement.ts";
import { sealedVectors as vectors } from "../../../vectors/sealed.ts";

const hex = (text: string) => Uint8Array.fromHex(text);
const [ada, bob] = vectors.agents as [
  typeof vectors.agents[0],
  typeof vectors.agents[0],
];

Deno.test("agreed: both come to the same, with libsodium's keys", async () => {
  const one = await agreed(hex(ada.x_secret), hex(bob.x_public));
  const other = await agreed(hex(bob.x_secret), hex(ada.x_public));
  strictEqual(one.toHex(), other.toHex());
});

Deno.test("agreed: a key with which anybody shares the same is refused", async () => {
  const small = [
    "00".repeat(32),
    `01${"00".repeat(31)}`,
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    `ec${"ff".repeat(30)}7f`,
  ];
  for (const key of small) {
    await rejects(agreed(hex(ada.x_secret), hex(key)), Error);
  }
});
