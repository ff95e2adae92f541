import { deepStrictEqual, strictEqual } from "node:assert/strict";
import * as reading from "../../../../daemon/keeper/room_keys/record_reading.ts";
import { Verifier } from "../../../../lib/protocol/verifying.ts";
import { messageKey, SourceKey } from "../../../../lib/sealed/derived_keys.ts";
import {
  openState,
  readRecord,
  wrapFor,
} from "../../../../lib/sealed/epoch_record.ts";
import type { EpochRecord } from "../../../../lib/sealed/record_form.ts";
import { readSealed } from "../../../../lib/sealed/sealed_text.ts";
import { SEALED_ROOM as ROOM } from "../../../fakes/keyring_rig.ts";
import { sealedVectors as vectors } from "../../../vectors/sealed.ts";

const RECORDS = vectors.epochs.map(({ author, sealed }) => {
  const read = readSealed(sealed);
  if (read.is !== "sealed") throw new Error(read.is);
  return { author, body: read.body };
});

/** Both readings of a record, which are the same; null where it is refused. */
async function bothRead(
  author: string,
  body: Uint8Array,
): Promise<EpochRecord | null> {
  const read = readRecord({ room: ROOM, author }, body, new Verifier());
  const record = read.ok ? read.record : null;
  deepStrictEqual(await reading.readSigned(ROOM, { author, body }), record);
  return record;
}

Deno.test("readSigned: as the session worker reads the second implementation's records, and what is flipped or cut of them", async () => {
  for (const { author, body } of RECORDS) {
    strictEqual(await bothRead(author, body) === null, false);
    for (let bit = 0; bit < body.length * 8; bit += 97) {
      const flipped = body.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      strictEqual(await bothRead(author, flipped), null);
    }
    for (const length of [0, 1, 63, 64, body.length - 1]) {
      strictEqual(await bothRead(author, body.subarray(0, length)), null);
    }
    const [other] = vectors.agents.filter(({ id }) => id !== author);
    strictEqual(await bothRead(other!.id, body), null);
    strictEqual(await bothRead("nobody", body), null);
  }
});

Deno.test("openState, wrapFor: as in the session worker, and nothing by another key", async () => {
  for (const [at, { author, body }] of RECORDS.entries()) {
    const record = (await bothRead(author, body))!;
    const source = new SourceKey(Uint8Array.fromHex(vectors.keys[at]!));
    const key = await messageKey(source, record.salt);
    const state = await reading.openState(record, key);
    deepStrictEqual(state, openState(record, key));
    deepStrictEqual(state?.members, vectors.epochs[at]!.state.members);
    for (const { id } of vectors.agents) {
      const wrap = await reading.wrapFor(record, id);
      deepStrictEqual(wrap, wrapFor(record, id));
      strictEqual(wrap !== undefined, state?.members.includes(id));
    }
    key[0]! ^= 1;
    strictEqual(await reading.openState(record, key), null);
  }
});

Deno.test("openState: a state whose members are not those with wraps is none", async () => {
  const [{ author, body }, source] = [
    RECORDS[0]!,
    new SourceKey(Uint8Array.fromHex(vectors.keys[0]!)),
  ];
  const record = (await bothRead(author, body))!;
  const key = await messageKey(source, record.salt);
  const wraps = record.wraps.slice(1);
  strictEqual(await reading.openState({ ...record, wraps }, key), null);
  const [first, ...rest] = record.wraps;
  const hint = new Uint8Array(8);
  const other = { ...record, wraps: [{ ...first!, hint }, ...rest] };
  strictEqual(await reading.openState(other, key), null);
});
