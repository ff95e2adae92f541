import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import {
  hpkeOpen,
  hpkeSeal,
} from "../../../../daemon/keeper/room_keys/hpke_suite.ts";
import { agreementKeyOf } from "../../../../lib/sealed/agreement_key.ts";
import { Verifier } from "../../../../lib/protocol/verifying.ts";
import {
  hintOf,
  openState,
  readRecord,
  wrapFor,
} from "../../../../lib/sealed/epoch_record.ts";
import { wrapInfo } from "../../../../lib/sealed/record_form.ts";
import type { BackKey } from "../../../../lib/sealed/epoch_state.ts";
import { commitmentOf } from "../../../../lib/sealed/derived_keys.ts";
import { readSealed } from "../../../../lib/sealed/sealed_text.ts";
import { DyingFiles } from "../../../fakes/dying_files.ts";
import { roomName } from "../../../fakes/plain.ts";
import { recordOf } from "../../../fakes/sealed_record.ts";
import { sealedVectors as vectors } from "../../../vectors/sealed.ts";

import {
  ADA,
  BOB,
  maker,
  recordIn,
  ringOf,
  SEALED_ROOM as ROOM,
  takeOf,
} from "../../../fakes/keyring_rig.ts";

const hex = (text: string) => Uint8Array.fromHex(text);
const HEAD = { room: ROOM, n: 3, parents: ["ab".repeat(32)] };

Deno.test("hpkeOpen: RFC 9180, A.2.1", async () => {
  const { enc, ct, recipient_secret, info, aad, text } = vectors.hpke;
  const opened = await hpkeOpen({ enc: hex(enc), ct: hex(ct) }, {
    ...{ secret: hex(recipient_secret), info: hex(info), aad: hex(aad) },
  });
  strictEqual(opened.toHex(), text);
});

Deno.test("Keyring take_epoch: what the second implementation sealed to three members, and back to the first key", async () => {
  const { author, sealed } = vectors.epochs[1]!;
  const read = readSealed(sealed);
  if (read.is !== "sealed") throw new Error(read.is);
  const found = readRecord({ room: ROOM, author }, read.body, new Verifier());
  if (!found.ok) throw new Error(found.reason);
  const { record } = found;
  const { n, parents, kc } = record;
  const head = { room: ROOM, author, n, parents };
  for (let at = 0; at < 3; at++) {
    const ring = await ringOf(at);
    const wrap = wrapFor(record, vectors.agents[at]!.id)!;
    const take = { ask: "take_epoch", head, kc, wrap } as const;
    const other = { ...take, head: { ...head, n: n + 1 } };
    strictEqual(await ring.answer(other), false);
    strictEqual(await ring.answer(take), true);
    const [key] = await ring.answer({
      ...{ ask: "message_keys", kc, salts: [hex(vectors.message.salt)] },
    }) as Uint8Array[];
    strictEqual(key?.toHex(), vectors.message.key);
  }
});

Deno.test("Keyring take_epoch: another key than the one that all are given is not taken", async () => {
  const [author, me] = vectors.agents.map(({ id }) => id) as [string, string];
  const head = { ...HEAD, author };
  const [given, other] = vectors.keys.map(hex) as [Uint8Array, Uint8Array];
  const kc = await commitmentOf(given);
  const to = agreementKeyOf(me)!;
  const ring = await ringOf(1);
  const take = async (key: Uint8Array) => {
    const sealed = await hpkeSeal(key, { to, info: wrapInfo(head, kc) });
    const wrap = { hint: hintOf(ROOM, kc, me), ...sealed };
    return await ring.answer({
      ...{ ask: "take_epoch", head, kc: kc.toHex(), wrap },
    });
  };
  strictEqual(await take(other), false);
  strictEqual(await take(given.subarray(0, 31)), false);
  strictEqual(await take(given), true);
});

Deno.test("Keyring take_epoch: a key of another length is not taken, with which the file of all keys could not be read any more", async () => {
  const [author, me] = vectors.agents.map(({ id }) => id) as [string, string];
  const head = { ...HEAD, author };
  const to = agreementKeyOf(me)!;
  const ring = await ringOf(1);
  for (const length of [0, 31, 33]) {
    const key = new Uint8Array(length).fill(9);
    const kc = await commitmentOf(key);
    const sealed = await hpkeSeal(key, { to, info: wrapInfo(head, kc) });
    const wrap = { hint: hintOf(ROOM, kc, me), ...sealed };
    const ask = { head, kc: kc.toHex(), wrap };
    strictEqual(await ring.answer({ ask: "take_epoch", ...ask }), false);
  }
});

Deno.test("Keyring pair: as the second implementation has it, from both sides", async () => {
  for (const [own, other] of [[0, 1], [1, 0]] as const) {
    const ring = await ringOf(own);
    const id = vectors.agents[other]!.id;
    const kc = (await commitmentOf(hex(vectors.pair.key))).toHex();
    deepStrictEqual(await ring.answer({ ask: "pair", id }), {
      ...{ room: vectors.pair.room, kc },
    });
    await rejects(ring.answer({ ask: "pair", id: vectors.agents[own]!.id }));
  }
});

Deno.test("Keyring look_into: keys of messages under an epoch that is sealed to us, and nothing is kept of it", async () => {
  const made = await recordOf(maker(ADA, await ringOf(0)), {
    ...{ room: ROOM, ids: [ADA, BOB] },
  });
  const record = recordIn(ROOM, made);
  const files = new DyingFiles();
  const bob = await ringOf(1, files);
  const salts = [record.salt];
  const look = { ask: "look_into", ...takeOf(record, BOB), salts } as const;
  const [key] = await bob.answer(look) as Uint8Array[];
  deepStrictEqual(openState(record, key!)?.members, [ADA, BOB]);
  const ask = { ask: "message_keys", kc: made.kc, salts } as const;
  strictEqual(await bob.answer(ask), null);
  strictEqual(files.names.size, 0);
  strictEqual(await (await ringOf(2)).answer(look), null);
});

Deno.test("Keyring: a key that is had is taken for another room's never", async () => {
  const ring = await ringOf(0);
  const there = roomName("p-" + "f".repeat(32));
  const first = await recordOf(maker(ADA, ring), { room: ROOM, ids: [ADA] });
  const next = await recordOf(maker(ADA, ring), {
    ...{ room: ROOM, ids: [ADA], parents: [first] },
  });
  const record = recordIn(ROOM, first);
  const { head, kc, wrap } = takeOf(record, ADA);
  const take = { ask: "take_epoch", kc, wrap } as const;
  const inOther = { ...head, room: there };
  strictEqual(await ring.answer({ ...take, head: inOther }), false);
  strictEqual(await ring.answer({ ...take, head }), true);
  const salts = [recordIn(ROOM, next).salt];
  const ask = { ask: "message_keys", kc: next.kc, salts } as const;
  const [key] = await ring.answer(ask) as Uint8Array[];
  const [back] = openState(recordIn(ROOM, next), key!)!.back as [BackKey];
  const under = { ask: "take_back", under: next.kc, back } as const;
  strictEqual(await ring.answer({ ...under, room: ROOM }), true);
  strictEqual(await ring.answer({ ...under, room: there }), false);
  // Nor where it is not had yet.
  const ada = await ringOf(0);
  await ada.answer({ ask: "take_epoch", ...takeOf(recordIn(ROOM, next), ADA) });
  strictEqual(await ada.answer({ ...under, room: there }), false);
  strictEqual(await ada.answer({ ...under, room: ROOM }), true);
});
