import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { KeyBook } from "../../../../daemon/keeper/room_keys/key_book.ts";
import { Keyring } from "../../../../daemon/keeper/room_keys/keyring.ts";
import {
  hpkeOpen,
  hpkeSeal,
} from "../../../../daemon/keeper/room_keys/hpke_suite.ts";
import { agreementKeyOf } from "../../../../lib/sealed/agreement_key.ts";
import { parseKeyQuestion } from "../../../../daemon/keeper/room_keys/parse_key_question.ts";
import { Identity } from "../../../../lib/protocol/identity.ts";
import { Verifier } from "../../../../lib/protocol/verifying.ts";
import {
  hintOf,
  readRecord,
  type Wrap,
  wrapFor,
  wrapInfo,
} from "../../../../lib/sealed/epoch_record.ts";
import type { BackKey } from "../../../../lib/sealed/epoch_state.ts";
import type { NewEpoch } from "../../../../lib/sealed/key_questions.ts";
import { commitmentOf, sha256 } from "../../../../lib/sealed/primitives.ts";
import { readSealed } from "../../../../lib/sealed/sealed_text.ts";
import { DyingFiles, Killed } from "../../../fakes/dying_files.ts";
import { roomName } from "../../../fakes/plain.ts";
import { sealedVectors as vectors } from "../../../vectors/sealed.ts";

const hex = (text: string) => Uint8Array.fromHex(text);
const ROOM = roomName(vectors.room);
const PATH = "/data/room.keys";
const HEAD = { room: ROOM, n: 3, parents: ["ab".repeat(32)] };

async function ringOf(at: number, files = new DyingFiles(), chance = 7) {
  const identity = await Identity.fromSeed(hex(vectors.agents[at]!.seed));
  let next = chance;
  return await Keyring.open({
    id: identity.id,
    sign: identity.sign,
    agreementSecret: () => identity.agreementSecret(),
    ...{ files, path: PATH },
    randomBytes: (count) => new Uint8Array(count).fill(next++),
  });
}

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
  const kc = commitmentOf(given);
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

Deno.test("Keyring pair: as the second implementation has it, from both sides", async () => {
  for (const [own, other] of [[0, 1], [1, 0]] as const) {
    const ring = await ringOf(own);
    const id = vectors.agents[other]!.id;
    const kc = commitmentOf(hex(vectors.pair.key)).toHex();
    deepStrictEqual(await ring.answer({ ask: "pair", id }), {
      ...{ room: vectors.pair.room, kc },
    });
    await rejects(ring.answer({ ask: "pair", id: vectors.agents[own]!.id }));
  }
});

Deno.test("Keyring new_epoch: each member and nobody else takes it, and who has it reads its parent", async () => {
  const ada = await ringOf(0);
  const ids = vectors.agents.slice(0, 2).map(({ id }) => id);
  const first = await ada.answer({
    ...{
      ask: "new_epoch",
      head: { ...HEAD, n: 0, parents: [] },
      ids,
      back: [],
    },
  }) as { kc: string };
  const made = await ada.answer({
    ...{ ask: "new_epoch", head: HEAD, ids, back: [first.kc] },
  }) as Extract<Awaited<ReturnType<Keyring["answer"]>>, { wraps: unknown }>;
  const head = { ...HEAD, author: ids[0]! };
  const take = (wrap: typeof made.wraps[0], kc = made.kc) =>
    ({ ask: "take_epoch", head, kc, wrap }) as const;
  const bob = await ringOf(1);
  strictEqual(await bob.answer(take(made.wraps[0]!)), false);
  strictEqual(await bob.answer(take(made.wraps[1]!, first.kc)), false);
  const salts = [new Uint8Array(32)];
  const ask = { ask: "message_keys", kc: made.kc, salts } as const;
  strictEqual(await bob.answer(ask), null);
  strictEqual(await bob.answer(take(made.wraps[1]!)), true);
  deepStrictEqual(await bob.answer(ask), await ada.answer(ask));
  const back = { ask: "take_back", room: ROOM, under: made.kc } as const;
  strictEqual(await bob.answer({ ...back, back: made.back[0]! }), true);
  strictEqual(
    await (await ringOf(2)).answer({ ...back, back: made.back[0]! }),
    false,
  );
});

Deno.test("Keyring: keys of other rooms, and of pairs, are sealed under no new one, and taken for none", async () => {
  const ring = await ringOf(0);
  const ids = [vectors.agents[0]!.id];
  const there = roomName("p-" + "f".repeat(32));
  const first = { ...HEAD, n: 0, parents: [] as string[] };
  const made = async (head: typeof first, back: readonly string[]) =>
    await ring.answer({ ask: "new_epoch", head, ids, back }) as NewEpoch;
  const here = await made(first, []);
  const inOther = await made({ ...first, room: there }, []);
  const next = await made(HEAD, [here.kc]);
  strictEqual(next.back[0]?.kc.toHex(), here.kc);
  await rejects(made(HEAD, [inOther.kc]));
  await rejects(made(HEAD, [here.kc, "0".repeat(64)]));
  const id = vectors.agents[1]!.id;
  const pair = await ring.answer({ ask: "pair", id }) as typeof HEAD & {
    kc: string;
  };
  await rejects(made({ ...first, room: pair.room }, [pair.kc]));
  const head = { ...first, room: there, author: ids[0]! };
  const [wrap] = here.wraps as [Wrap];
  const take = { ask: "take_epoch", kc: here.kc, wrap } as const;
  strictEqual(await ring.answer({ ...take, head }), false);
  strictEqual(
    await ring.answer({ ...take, head: { ...head, room: ROOM } }),
    true,
  );
  const [back] = next.back as [BackKey];
  const under = { ask: "take_back", under: next.kc, back } as const;
  strictEqual(await ring.answer({ ...under, room: ROOM }), true);
  strictEqual(await ring.answer({ ...under, room: there }), false);
});

Deno.test("KeyBook: a room that fills it loses its own oldest key, and takes no other room's place", async () => {
  const flood = roomName("p-" + "e".repeat(32));
  const keyOf = (n: number) => sha256(Uint8Array.of(n));
  const files = new DyingFiles();
  const book = await KeyBook.open(files, PATH, 6);
  await book.add(ROOM, hex(vectors.keys[0]!));
  for (let n = 0; n < 5; n++) await book.add(flood, keyOf(n));
  await book.add(ROOM, hex(vectors.keys[1]!));
  await book.add(flood, keyOf(5));
  const again = await KeyBook.open(files, PATH);
  for (const one of [book, again]) {
    strictEqual(one.get(vectors.commitments[0]!)?.room, ROOM);
    strictEqual(one.get(vectors.commitments[1]!)?.room, ROOM);
    const had = [0, 1, 2, 5].map((n) =>
      one.get(commitmentOf(keyOf(n)).toHex()) !== undefined
    );
    deepStrictEqual(had, [false, false, true, true]);
  }
});

Deno.test("KeyBook: killed at any step there is no key or a whole one, and what was acknowledged is there", async () => {
  for (let dieAt = 0;; dieAt++) {
    const files = new DyingFiles();
    const before = await KeyBook.open(files, PATH);
    await before.add(ROOM, hex(vectors.keys[0]!));
    files.dieAt = files.points + dieAt;
    let acknowledged = false;
    let killed = false;
    try {
      await before.add(ROOM, hex(vectors.keys[1]!));
      acknowledged = true;
    } catch (error) {
      const cause = (error as Error).cause ?? error;
      if (!(cause instanceof Killed)) throw error;
      killed = true;
    }
    files.reboot();
    const after = await KeyBook.open(files, PATH);
    const had = after.get(vectors.commitments[0]!)?.key.toHex();
    strictEqual(had, vectors.keys[0]);
    const key = after.get(vectors.commitments[1]!)?.key.toHex();
    if (acknowledged) strictEqual(key, vectors.keys[1]);
    else strictEqual(key === undefined || key === vectors.keys[1], true);
    if (!killed) return;
  }
});

Deno.test("KeyBook: a full disk is told, the key is not had, and the next one is", async () => {
  const files = new DyingFiles();
  const book = await KeyBook.open(files, PATH);
  files.troubles.set("write", new Error("No space left on device"));
  const key = hex(vectors.keys[0]!);
  await rejects(book.add(ROOM, key), { code: "FILE_TROUBLE" });
  strictEqual(book.get(vectors.commitments[0]!), undefined);
  files.troubles.clear();
  strictEqual(await book.add(ROOM, key), vectors.commitments[0]);
  const again = await KeyBook.open(files, PATH);
  strictEqual(again.get(vectors.commitments[0]!)?.key.toHex(), vectors.keys[0]);
});

Deno.test("KeyBook: what is no book is put aside", async () => {
  for (const text of ["", "{", "[]", "null", '{"version":1,"keys":[[1]]}']) {
    const files = new DyingFiles();
    files.put(PATH, text);
    const book = await KeyBook.open(files, PATH);
    strictEqual(book.get(vectors.commitments[0]!), undefined);
    strictEqual(files.text(`${PATH}.damaged`), text);
  }
});

Deno.test("parseKeyQuestion: its own form comes back, anything else is null", () => {
  const wrap = {
    hint: new Uint8Array(8),
    enc: new Uint8Array(32),
    ct: new Uint8Array(48),
  };
  const id = vectors.agents[0]!.id;
  const hash = "0".repeat(64);
  const bytes = new Uint8Array(32);
  const good = [
    { ask: "new_epoch", head: HEAD, ids: [id], back: [hash] },
    { ask: "take_epoch", head: { ...HEAD, author: id }, kc: hash, wrap },
    {
      ...{ ask: "take_back", room: ROOM, under: hash },
      back: { kc: bytes, sealed: new Uint8Array(48) },
    },
    { ask: "message_keys", kc: hash, salts: [bytes] },
    { ask: "pair", id },
    { ask: "sign", kind: "said", room: ROOM, hash: bytes },
  ];
  for (const question of good) {
    deepStrictEqual(parseKeyQuestion(structuredClone(question)), question);
    for (const name of Object.keys(question)) {
      strictEqual(parseKeyQuestion({ ...question, [name]: 7 }), null);
    }
    const there = { ...question, room: "tea", head: { ...HEAD, room: "tea" } };
    const isBound = "room" in question || "head" in question;
    if (isBound) strictEqual(parseKeyQuestion(there), null);
  }
  const many = { ask: "message_keys", kc: hash, salts: Array(201).fill(bytes) };
  strictEqual(parseKeyQuestion(many), null);
  const epoch = { ask: "new_epoch", head: HEAD, back: [] };
  const members = (count: number) => Array(count).fill(id);
  strictEqual(parseKeyQuestion({ ...epoch, ids: members(251) }), null);
  strictEqual(parseKeyQuestion({ ...epoch, ids: [] }), null);
  const backs = { ...epoch, ids: members(250), back: Array(9).fill(hash) };
  strictEqual(parseKeyQuestion(backs), null);
  fc.assert(fc.property(fc.anything({ withTypedArray: true }), (any) => {
    strictEqual(parseKeyQuestion(any), null);
  }));
});
