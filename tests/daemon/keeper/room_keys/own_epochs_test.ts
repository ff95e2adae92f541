import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import type { Keyring } from "../../../../daemon/keeper/room_keys/keyring.ts";
import { Identity } from "../../../../lib/protocol/identity.ts";
import {
  epochStatement,
  type GivenRecord,
} from "../../../../lib/sealed/record_form.ts";
import {
  openState,
  readUnsigned,
  type RecordParts,
  unsignedRecord,
} from "../../../../lib/sealed/epoch_record.ts";
import type { BackKey } from "../../../../lib/sealed/epoch_state.ts";
import { joined } from "../../../../lib/protocol/byte_layout.ts";
import type { NewEpoch } from "../../../../lib/sealed/key_questions.ts";
import { roomName } from "../../../fakes/plain.ts";
import { recordOf } from "../../../fakes/sealed_record.ts";
import { sealedVectors as vectors } from "../../../vectors/sealed.ts";

import {
  ADA,
  BOB,
  CAL,
  maker,
  recordIn,
  ringOf,
  SEALED_ROOM as ROOM,
  takeOf,
} from "../../../fakes/keyring_rig.ts";

const hex = (text: string) => Uint8Array.fromHex(text);

Deno.test("Keyring new_epoch: each member and nobody else takes it, and who has it reads its parent", async () => {
  const ada = await ringOf(0);
  const ids = [ADA, BOB];
  const first = await recordOf(maker(ADA, ada), { room: ROOM, ids });
  const parents = [first];
  const next = await recordOf(maker(ADA, ada), { room: ROOM, ids, parents });
  const record = recordIn(ROOM, next);
  deepStrictEqual([record.n, record.parents], [1, [first.hash]]);
  const bob = await ringOf(1);
  const take = { ask: "take_epoch", ...takeOf(record, BOB) } as const;
  const { wrap } = takeOf(record, ADA);
  strictEqual(await bob.answer({ ...take, wrap }), false);
  strictEqual(await bob.answer({ ...take, kc: first.kc }), false);
  const salts = [new Uint8Array(32)];
  const ask = { ask: "message_keys", kc: next.kc, salts } as const;
  strictEqual(await bob.answer(ask), null);
  strictEqual(await bob.answer(take), true);
  deepStrictEqual(await bob.answer(ask), await ada.answer(ask));
  const [key] = await bob.answer(ask) as Uint8Array[];
  const [back] = openState(record, key!)!.back as [BackKey];
  const takeBack = { ask: "take_back", room: ROOM, under: next.kc } as const;
  strictEqual(await bob.answer({ ...takeBack, back }), true);
  strictEqual(await (await ringOf(2)).answer({ ...takeBack, back }), false);
});

Deno.test("Keyring new_epoch: only behind epochs of this room of which this agent is an admin, by records that their authors signed", async () => {
  const [ada, bob] = [await ringOf(0), await ringOf(1)];
  const there = roomName("p-" + "f".repeat(32));
  const all = [ADA, BOB];
  const root = await recordOf(maker(ADA, ada), { room: ROOM, ids: all });
  const record = recordIn(ROOM, root);
  const { head, kc, wrap } = takeOf(record, BOB);
  strictEqual(await bob.answer({ ask: "take_epoch", head, kc, wrap }), true);
  const behind = (
    ring: Keyring,
    parents: readonly GivenRecord[],
    room = ROOM,
  ) => ring.answer({ ask: "new_epoch", room, parents, ids: [CAL] });
  const notAdmin = /no admin of that parent/;
  // Bob has its key, and is a member.
  await rejects(behind(bob, [root]), notAdmin);
  // With one of his own beside it.
  const own = await recordOf(maker(BOB, bob), { room: ROOM, ids: [BOB] });
  strictEqual((await behind(bob, [own]) as NewEpoch).back.length, 1);
  await rejects(behind(bob, [own, root]), notAdmin);
  // Who asks writes what he wants into a state: he can have the key of its salt. It is his, by no admin of the room.
  const [stateKey] = await bob.answer({
    ...{ ask: "message_keys", kc, salts: [record.salt] },
  }) as Uint8Array[];
  const forged = unsignedRecord({
    ...{ head: { ...head, author: CAL }, kc: hex(kc), salt: record.salt },
    ...{ wraps: record.wraps, stateKey: stateKey! },
    state: {
      ...{ title: roomName("vault"), members: all, admins: [BOB] },
      ...{ invites: [], back: [] },
    },
  });
  const cal = await Identity.fromSeed(hex(vectors.agents[2]!.seed));
  const { hash } = readUnsigned({ room: ROOM, author: CAL }, forged.body)!;
  const by = await cal.sign(epochStatement({ room: ROOM, author: CAL, hash }));
  const body = joined(forged.body, by);
  await rejects(behind(bob, [{ author: CAL, body }]), notAdmin);
  // As if Ada had made it.
  const asAda = joined(forged.body, root.body.subarray(-64));
  const noRecord = /no record of a parent in this room/;
  await rejects(behind(bob, [{ author: ADA, body: asAda }]), noRecord);
  // Another room's.
  await rejects(behind(ada, [root], there), noRecord);
  strictEqual((await behind(ada, [root]) as NewEpoch).back[0]?.kc.toHex(), kc);
});

Deno.test("Keyring new_epoch: in a room whose past is not shown to who comes no parent's key is sealed under a new one", async () => {
  const ada = await ringOf(0);
  const ids = [ADA];
  const { author, body } = await recordOf(maker(ADA, ada), {
    ...{ room: ROOM, ids, state: { back: undefined } as never },
  });
  const parents = [{ author, body }];
  const ask = { ask: "new_epoch", room: ROOM, parents, ids } as const;
  deepStrictEqual((await ada.answer(ask) as NewEpoch).back, []);
});

Deno.test("Keyring sign_epoch: the record of an epoch that was just made, once, of its number and parents, where its members can read it", async () => {
  const ada = await ringOf(0);
  const room = ROOM;
  const made = async () => {
    const epoch = await ada.answer({
      ...{ ask: "new_epoch", room, parents: [], ids: [ADA] },
    }) as NewEpoch;
    const { kc, wraps } = epoch;
    const salt = new Uint8Array(32);
    const salts = [salt];
    const keys = await ada.answer({ ask: "message_keys", kc, salts });
    const [stateKey] = keys as Uint8Array[];
    return (changed: Partial<RecordParts>, members = [ADA]) =>
      unsignedRecord({
        head: { room, author: ADA, n: 0, parents: [] },
        ...{ kc: hex(kc), wraps, salt, stateKey: stateKey! },
        state: {
          ...{ title: roomName("vault"), members, admins: [ADA] },
          invites: [],
        },
        ...changed,
      }).body;
  };
  const sign = (body: Uint8Array, at = room) =>
    ada.answer({ ask: "sign_epoch", room: at, body });
  const none = /no record of an epoch that was just made/;
  const one = await made();
  const later = { room, author: ADA, n: 1, parents: ["ab".repeat(32)] };
  await rejects(sign(one({ head: later })), none);
  await rejects(sign(one({ kc: hex(vectors.commitments[0]!) })), none);
  await rejects(sign(one({}), roomName("p-" + "f".repeat(32))), none);
  await rejects(sign(one({}).subarray(1)), none);
  await rejects(sign(one({}, [ADA, BOB])), /nobody could read/);
  const signature = await sign(one({})) as Uint8Array;
  recordIn(room, { author: ADA, body: joined(one({}), signature) });
  await rejects(sign(one({})), none);
  // Two at one moment.
  const twice = await made();
  const both = await Promise.allSettled(
    [{}, { salt: new Uint8Array(32) }].map((changed) => sign(twice(changed))),
  );
  deepStrictEqual(both.map(({ status }) => status).toSorted(), [
    ...["fulfilled", "rejected"],
  ]);
  // So many wait, and no more.
  const first = await made();
  for (let n = 0; n < 16; n++) await made();
  await rejects(sign(first({})), none);
});
