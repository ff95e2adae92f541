import { strictEqual } from "node:assert/strict";
import { KeyDesk } from "../../../daemon/keeper/key_desk.ts";
import type { KeyringOptions } from "../../../daemon/keeper/room_keys/keyring.ts";
import { Identity } from "../../../lib/protocol/identity.ts";
import { DyingFiles } from "../../fakes/dying_files.ts";

Deno.test("KeyDesk answer: so many at once and no more, by the members of a new epoch; then as time passes", async () => {
  let now = 0;
  const identity = await Identity.fromSeed(new Uint8Array(32).fill(1));
  const { id } = identity;
  const options: KeyringOptions = {
    ...{ id, sign: identity.sign },
    agreementSecret: () => identity.agreementSecret(),
    ...{ files: new DyingFiles(), path: "/room.keys" },
    randomBytes: (count) => new Uint8Array(count),
  };
  const desk = new KeyDesk(options, { monotonic: () => now });
  const ask = { ask: "message_keys", kc: "0".repeat(64), salts: [] };
  for (let n = 0; n < 2_000; n++) {
    strictEqual((await desk.answer(ask)).ok, true);
  }
  strictEqual((await desk.answer(ask)).ok, false);
  now += 1_000;
  const head = { room: `p-${"e".repeat(32)}`, n: 0, parents: [] };
  const epoch = { ask: "new_epoch", head, ids: Array(201).fill(id), back: [] };
  strictEqual((await desk.answer(epoch)).ok, false);
  strictEqual((await desk.answer({ ask: "all_keys" })).ok, false);
  strictEqual((await desk.answer(ask)).ok, true);
});
