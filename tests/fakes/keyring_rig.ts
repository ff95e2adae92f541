import { Keyring } from "../../daemon/keeper/room_keys/keyring.ts";
import { Identity } from "../../lib/protocol/identity.ts";
import type { RoomName } from "../../lib/protocol/names.ts";
import { Verifier } from "../../lib/protocol/verifying.ts";
import type { EpochRecord, GivenRecord } from "../../lib/sealed/record_form.ts";
import { readRecord, wrapFor } from "../../lib/sealed/epoch_record.ts";
import type { AskKeys } from "../../lib/sealed/key_questions.ts";
import { sealedVectors as vectors } from "../vectors/sealed.ts";
import { DyingFiles } from "./dying_files.ts";
import { roomName } from "./plain.ts";
import type { RecordMaker } from "./sealed_record.ts";

export const KEYRING_PATH = "/data/room.keys";
export const SEALED_ROOM = roomName(vectors.room);
export const [ADA, BOB, CAL] = vectors.agents.map(({ id }) => id) as [
  string,
  string,
  string,
];

/** The keys of one of the vectors' agents. */
export async function ringOf(at: number, files = new DyingFiles(), chance = 7) {
  const identity = await Identity.fromSeed(
    Uint8Array.fromHex(vectors.agents[at]!.seed),
  );
  let next = chance;
  return await Keyring.open({
    id: identity.id,
    sign: identity.sign,
    agreementSecret: () => identity.agreementSecret(),
    ...{ files, path: KEYRING_PATH },
    randomBytes: (count) => new Uint8Array(count).fill(next++),
  });
}

/** Who makes records with these keys. */
export function maker(id: string, ring: Keyring): RecordMaker {
  return {
    id,
    askKeys: (async (question) => await ring.answer(question)) as AskKeys,
  };
}

/** A record that its author signed. */
export function recordIn(
  room: RoomName,
  { author, body }: GivenRecord,
): EpochRecord {
  const read = readRecord({ room, author }, body, new Verifier());
  if (!read.ok) throw new Error(read.reason);
  return read.record;
}

/** What of a record is for one member. */
export function takeOf(record: EpochRecord, me: string) {
  const { room, author, n, parents, kc } = record;
  const head = { room, author, n, parents };
  return { head, kc, wrap: wrapFor(record, me)! };
}
