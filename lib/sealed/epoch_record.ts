import { parseAgentId } from "../protocol/agent_id.ts";
import { encodeBase58 } from "../protocol/base58.ts";
import { joined } from "../protocol/byte_layout.ts";
import type { RoomName } from "../protocol/names.ts";
import type { Verifier } from "../protocol/verifying.ts";
import { type EpochState, writeState } from "./epoch_state.ts";
import { padded } from "./padding.ts";
import { openOnce, sealOnce, sha256 } from "./primitives.ts";
import {
  type EpochHead,
  type EpochRecord,
  epochStatement,
  hintInput,
  hintOfHash,
  isSealedToAll,
  readForm,
  readState,
  recordHashInput,
  recordOfForm,
  SIGNATURE_BYTES,
  stateAad,
  type Wrap,
  wrapOfHint,
  writeStart,
} from "./record_form.ts";

export type ReadRecord =
  | { readonly ok: true; readonly record: EpochRecord }
  | { readonly ok: false; readonly reason: string };

/** How a wrap is found among those of others. */
export function hintOf(
  room: RoomName,
  kc: Uint8Array,
  member: string,
): Uint8Array {
  return hintOfHash(sha256(hintInput(room, kc, member)));
}

/** The wrap for a member; undefined where the record has none. */
export function wrapFor(
  record: EpochRecord,
  member: string,
): Wrap | undefined {
  const kc = Uint8Array.fromHex(record.kc);
  return wrapOfHint(record, hintOf(record.room, kc, member));
}

/** What a new record is made of. */
export interface RecordParts {
  readonly head: EpochHead;
  readonly kc: Uint8Array;
  readonly wraps: readonly Wrap[];
  readonly salt: Uint8Array;
  readonly state: EpochState;
  /** Of this salt, under the epoch's key. */
  readonly stateKey: Uint8Array;
}

/** A record all but its signature, and the hash for a statement of kind "epoch". @throws {RangeError} past a bound */
export function unsignedRecord(
  { head, kc, wraps, salt, state, stateKey }: RecordParts,
): { readonly body: Uint8Array; readonly hash: Uint8Array } {
  const start = writeStart({ head, kc, wraps, salt });
  const aad = stateAad(head, sha256(start));
  const sealed = sealOnce(stateKey, aad, padded(writeState(state)));
  const body = joined(start, sealed);
  return { body, hash: sha256(recordHashInput(head, body)) };
}

/** Reads a record that its author signed. Total: never throws. */
export function readRecord(
  { room, author }: Pick<EpochHead, "room" | "author">,
  whole: Uint8Array,
  verifier: Verifier,
): ReadRecord {
  if (parseAgentId(author) === null) return refused("its author is no agent");
  const record = readUnsigned(
    { room, author },
    whole.subarray(0, -SIGNATURE_BYTES),
  );
  if (record === null) return refused("it can't be read");
  const signature = encodeBase58(whole.subarray(-SIGNATURE_BYTES));
  if (!verifier.verify(author, signature, epochStatement(record))) {
    return refused("its author did not sign it");
  }
  return { ok: true, record: { ...record, body: whole } };
}

/** Reads a record all but its signature; null for what is none. @throws {RangeError} for an author who is no agent */
export function readUnsigned(
  owned: Pick<EpochHead, "room" | "author">,
  body: Uint8Array,
): EpochRecord | null {
  const form = readForm(body);
  return form === null ? null : recordOfForm(owned, form, {
    ...{ body, hash: sha256(recordHashInput(owned, body)) },
    startHash: sha256(form.start),
  });
}

/** The state of a record; null where the key is another's or what it holds breaks a rule. */
export function openState(
  record: EpochRecord,
  stateKey: Uint8Array,
): EpochState | null {
  const opened = openOnce(stateKey, record.stateAad, record.sealedState);
  const state = opened === null ? null : readState(record, opened);
  if (state === null) return null;
  const kc = Uint8Array.fromHex(record.kc);
  const hints = state.members.map((one) => hintOf(record.room, kc, one));
  return isSealedToAll(record, hints) ? state : null;
}

function refused(reason: string): ReadRecord {
  return { ok: false, reason };
}
