import { rejects, strictEqual } from "node:assert/strict";
import { KeyDesk } from "../../../daemon/keeper/key_desk.ts";
import type { KeyringOptions } from "../../../daemon/keeper/room_keys/keyring.ts";
import { Identity } from "../../../lib/protocol/identity.ts";
import type { AskKeys } from "../../../lib/sealed/key_questions.ts";
import { roomName } from "../../fakes/plain.ts";
import { recordOf } from "../../fakes/sealed_record.ts";
import { DyingFiles } from "../../fakes/dying_files.ts";

async function deskAt(monotonic: () => number) {
  const identity = await Identity.fromSeed(new Uint8Array(32).fill(1));
  const { id } = identity;
  const options: KeyringOptions = {
    ...{ id, sign: identity.sign },
    agreementSecret: () => identity.agreementSecret(),
    ...{ files: new DyingFiles(), path: "/room.keys" },
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  };
  return { id, desk: new KeyDesk(options, { monotonic }) };
}

Deno.test("KeyDesk answer: so many at once and no more, by the members of a new epoch; then as time passes", async () => {
  let now = 0;
  const { id, desk } = await deskAt(() => now);
  const ask = { ask: "message_keys", kc: "0".repeat(64), salts: [] };
  for (let n = 0; n < 2_000; n++) {
    strictEqual((await desk.answer(ask)).ok, true);
  }
  strictEqual((await desk.answer(ask)).ok, false);
  now += 1_000;
  const room = `p-${"e".repeat(32)}`;
  const ids = Array(201).fill(id);
  const epoch = { ask: "new_epoch", room, parents: [], ids };
  strictEqual((await desk.answer(epoch)).ok, false);
  strictEqual((await desk.answer({ ask: "all_keys" })).ok, false);
  strictEqual((await desk.answer(ask)).ok, true);
});

Deno.test("KeyDesk answer: epochs are signed sixty at once, then one each 4 s", async () => {
  let now = 0;
  const { id, desk } = await deskAt(() => now);
  const askKeys = (async (question) => {
    const answered = await desk.answer(question);
    if (!answered.ok) throw new Error(answered.failure.message);
    return answered.answer;
  }) as AskKeys;
  const sign = () =>
    recordOf({ id, askKeys }, {
      ...{ room: roomName(`p-${"e".repeat(32)}`), ids: [id] },
    });
  for (let n = 0; n < 60; n++) await sign();
  await rejects(sign(), /too many at once/);
  now += 4_000;
  await sign();
  await rejects(sign(), /too many at once/);
});
