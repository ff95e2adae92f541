import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { parseKeyQuestion } from "../../../../daemon/keeper/room_keys/parse_key_question.ts";
import { sealedVectors as vectors } from "../../../vectors/sealed.ts";

import { SEALED_ROOM as ROOM } from "../../../fakes/keyring_rig.ts";

const HEAD = { room: ROOM, n: 3, parents: ["ab".repeat(32)] };

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
    {
      ...{ ask: "new_epoch", room: ROOM, ids: [id] },
      parents: [{ author: id, body: bytes }],
    },
    { ask: "sign_epoch", room: ROOM, body: bytes },
    { ask: "take_epoch", head: { ...HEAD, author: id }, kc: hash, wrap },
    {
      ...{ ask: "look_into", head: { ...HEAD, author: id }, kc: hash, wrap },
      salts: [bytes],
    },
    {
      ...{ ask: "take_back", room: ROOM, under: hash },
      back: { kc: bytes, sealed: new Uint8Array(48) },
    },
    { ask: "message_keys", kc: hash, salts: [bytes] },
    { ask: "pair", id },
    { ask: "sign_said", room: ROOM, hash: bytes },
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
  const epoch = { ask: "new_epoch", room: ROOM, parents: [], ids: [id] };
  const members = (count: number) => Array(count).fill(id);
  strictEqual(parseKeyQuestion({ ...epoch, ids: members(251) }), null);
  strictEqual(parseKeyQuestion({ ...epoch, ids: [] }), null);
  const parent = { author: id, body: bytes };
  const isTaken = (...parents: unknown[]) =>
    parseKeyQuestion({ ...epoch, parents }) !== null;
  strictEqual(isTaken(...Array(8).fill(parent)), true);
  strictEqual(isTaken(...Array(9).fill(parent)), false);
  strictEqual(isTaken({ ...parent, body: new Uint8Array(65_001) }), false);
  strictEqual(isTaken({ ...parent, author: "ada" }), false);
  strictEqual(isTaken({ ...parent, body: [1] }), false);
  fc.assert(fc.property(fc.anything({ withTypedArray: true }), (any) => {
    strictEqual(parseKeyQuestion(any), null);
  }));
});
