import { parseAgentId } from "../protocol/agent_id.ts";
import { encodeBase58 } from "../protocol/base58.ts";
import { bigEndian, ByteReader, joined } from "../protocol/byte_layout.ts";
import type { RoomName } from "../protocol/names.ts";
import type { Verifier } from "../protocol/verifying.ts";
import { type EpochState, parseState, writeState } from "./epoch_state.ts";
import { padded, unpadded } from "./padding.ts";
import {
  field,
  KEY_BYTES,
  label,
  openOnce,
  sealOnce,
  sha256,
  statementBytes,
  TAG_BYTES,
} from "./primitives.ts";

/** An epoch's key sealed to one member (HPKE, RFC 9180). */
export interface Wrap {
  /** Which member it is for: {@link hintOf}. */
  readonly hint: Uint8Array;
  readonly enc: Uint8Array;
  readonly ct: Uint8Array;
}

/** What of an epoch stands before its key: what each wrap is bound to. */
export interface EpochHead {
  readonly room: RoomName;
  /** The author's agent id. */
  readonly author: string;
  /** One more than the highest of its parents; 0 of the first. */
  readonly n: number;
  /** Hashes, hex. */
  readonly parents: readonly string[];
}

/** A record as it was read, its signature checked, its state still sealed. */
export interface EpochRecord extends EpochHead {
  /** By what the key is known, hex. */
  readonly kc: string;
  readonly wraps: readonly Wrap[];
  readonly salt: Uint8Array;
  readonly sealedState: Uint8Array;
  /** What the state's seal is bound to. */
  readonly stateAad: Uint8Array;
  /** Names the epoch, hex. */
  readonly hash: string;
  /** As it went over the wire. */
  readonly body: Uint8Array;
}

/** A record as somebody gives it. */
export interface GivenRecord {
  readonly author: string;
  /** As it went over the wire. */
  readonly body: Uint8Array;
}

export type ReadRecord =
  | { readonly ok: true; readonly record: EpochRecord }
  | { readonly ok: false; readonly reason: string };

export const MOST_MEMBERS = 250;
export const MOST_PARENTS = 8;
const VERSION = 1;
const HINT = 8;
const ENC = 32;
const CT = KEY_BYTES + TAG_BYTES;
export const SIGNATURE_BYTES = 64;
/** The key that a wrap is for: 0, the member's identity. Others may come. */
const IDENTITY_KEY = 0;

/** What HPKE is told that a wrap is for. @throws {RangeError} for an author who is no agent */
export function wrapInfo(head: EpochHead, kc: Uint8Array): Uint8Array {
  return joined(
    label("wrap"),
    field(head.room),
    field(keyOf(head.author)),
    startOf(head),
    kc,
  );
}

/** How a wrap is found among those of others. */
export function hintOf(
  room: RoomName,
  kc: Uint8Array,
  member: string,
): Uint8Array {
  const hash = sha256(label("hint"), field(room), kc, keyOf(member));
  return joined(Uint8Array.of(IDENTITY_KEY), hash.subarray(0, HINT - 1));
}

/** The wrap for a member; undefined where the record has none. */
export function wrapFor(
  { room, kc, wraps }: EpochRecord,
  member: string,
): Wrap | undefined {
  const hint = hintOf(room, Uint8Array.fromHex(kc), member).toHex();
  return wraps.find((wrap) => wrap.hint.toHex() === hint);
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
  const start = joined(
    startOf(head, Uint8Array.of(VERSION)),
    kc,
    bigEndian(wraps.length, 2),
    ...wraps.flatMap(({ hint, enc, ct }) => [hint, enc, ct]),
    salt,
  );
  const aad = stateAad(head, start);
  const sealed = sealOnce(stateKey, aad, padded(writeState(state)));
  const body = joined(start, sealed);
  return { body, hash: recordHash(head, body) };
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
  { room, author }: Pick<EpochHead, "room" | "author">,
  body: Uint8Array,
): EpochRecord | null {
  const parts = readParts(body);
  if (parts === null) return null;
  const { start, ...rest } = parts;
  const head = { room, author, n: rest.n, parents: rest.parents };
  return {
    ...{ ...head, ...rest, hash: recordHash(head, body).toHex(), body },
    stateAad: stateAad(head, start),
  };
}

/** What a record's author signs. @throws {RangeError} for an author who is no agent */
export function epochStatement(
  { room, author, hash }: Pick<EpochRecord, "room" | "author" | "hash">,
): Uint8Array {
  const parts = { room, author: keyOf(author), hash: Uint8Array.fromHex(hash) };
  return statementBytes({ kind: "epoch", ...parts });
}

/** The state of a record; null where the key is another's or what it holds breaks a rule. */
export function openState(
  record: EpochRecord,
  stateKey: Uint8Array,
): EpochState | null {
  const whole = openOnce(stateKey, record.stateAad, record.sealedState);
  const text = whole === null ? null : unpadded(whole);
  const state = text === null ? null : parseState(text);
  if (state?.members.length !== record.wraps.length) return null;
  const hints = new Set(record.wraps.map(({ hint }) => hint.toHex()));
  const kc = Uint8Array.fromHex(record.kc);
  const isSealedToAll = state.members.every((member) =>
    hints.has(hintOf(record.room, kc, member).toHex())
  );
  return isSealedToAll ? state : null;
}

function readParts(body: Uint8Array) {
  const reader = new ByteReader(body);
  const version = reader.number(1);
  const n = reader.number(8);
  const parents = Array.from(
    { length: reader.number(1) },
    () => reader.take(KEY_BYTES).toHex(),
  );
  const kc = reader.take(KEY_BYTES).toHex();
  const count = reader.number(2);
  if (count > MOST_MEMBERS || parents.length > MOST_PARENTS) return null;
  const wraps = Array.from({ length: count }, () => ({
    hint: reader.take(HINT),
    enc: reader.take(ENC),
    ct: reader.take(CT),
  }));
  const salt = reader.take(KEY_BYTES);
  const sealedState = reader.rest();
  const isOne = reader.isDone && version === VERSION &&
    Number.isSafeInteger(n) && sealedState.length > TAG_BYTES &&
    new Set(parents).size === parents.length &&
    (n === 0) === (parents.length === 0);
  const start = body.subarray(0, body.length - sealedState.length);
  return isOne ? { start, n, parents, kc, wraps, salt, sealedState } : null;
}

function startOf(
  { n, parents }: EpochHead,
  version = new Uint8Array(),
): Uint8Array {
  if (parents.length > MOST_PARENTS) throw new RangeError("too many parents");
  const hashes = parents.map((parent) => Uint8Array.fromHex(parent));
  const count = Uint8Array.of(parents.length);
  return joined(version, bigEndian(n, 8), count, ...hashes);
}

function stateAad({ room, author }: EpochHead, start: Uint8Array): Uint8Array {
  return joined(
    label("state"),
    field(room),
    field(keyOf(author)),
    sha256(start),
  );
}

function recordHash({ room, author }: EpochHead, body: Uint8Array): Uint8Array {
  return sha256(label("epoch"), field(room), field(keyOf(author)), body);
}

function keyOf(agent: string): Uint8Array {
  const key = parseAgentId(agent);
  if (key === null) throw new RangeError("it is no agent");
  return key;
}

function refused(reason: string): ReadRecord {
  return { ok: false, reason };
}
