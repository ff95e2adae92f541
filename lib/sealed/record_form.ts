import { parseAgentId } from "../protocol/agent_id.ts";
import { bigEndian, ByteReader, joined } from "../protocol/byte_layout.ts";
import type { RoomName } from "../protocol/names.ts";
import { type EpochState, parseState } from "./epoch_state.ts";
import { field, label, statementBytes } from "./labelled_bytes.ts";
import { unpadded } from "./padding.ts";
import { KEY_BYTES, TAG_BYTES } from "./sizes.ts";

// The bytes of records. Their hashes and seals are made by who reads them: the thread that has the keys does that
// without node:crypto, which would cost it megabytes.

/** An epoch's key sealed to one member (HPKE, RFC 9180). */
export interface Wrap {
  /** Which member it is for: {@link hintOfHash}. */
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

export const MOST_MEMBERS = 250;
export const MOST_PARENTS = 8;
export const SIGNATURE_BYTES = 64;
const VERSION = 1;
const HINT = 8;
const ENC = 32;
const CT = KEY_BYTES + TAG_BYTES;
/** The key that a wrap is for: 0, the member's identity. Others may come. */
const IDENTITY_KEY = 0;

/** A record's parts, before anything in them is checked. */
export interface RecordForm
  extends
    Pick<EpochHead, "n" | "parents">,
    Pick<EpochRecord, "kc" | "wraps" | "salt" | "sealedState"> {
  /** All before the sealed state. */
  readonly start: Uint8Array;
}

/** Of a record all but its signature; null for what is none. */
export function readForm(body: Uint8Array): RecordForm | null {
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

/** All before the sealed state, as it is written. @throws {RangeError} past a bound */
export function writeStart(
  { head, kc, wraps, salt }:
    & { readonly head: EpochHead; readonly kc: Uint8Array }
    & Pick<EpochRecord, "wraps" | "salt">,
): Uint8Array {
  return joined(
    Uint8Array.of(VERSION),
    placeOf(head),
    kc,
    bigEndian(wraps.length, 2),
    ...wraps.flatMap(({ hint, enc, ct }) => [hint, enc, ct]),
    salt,
  );
}

/** What HPKE is told that a wrap is for. @throws {RangeError} for an author who is no agent */
export function wrapInfo(head: EpochHead, kc: Uint8Array): Uint8Array {
  return joined(
    label("wrap"),
    field(head.room),
    field(keyOf(head.author)),
    placeOf(head),
    kc,
  );
}

/** What is hashed (SHA-256) to the hint of a member's wrap. @throws {RangeError} for who is no agent */
export function hintInput(
  room: RoomName,
  kc: Uint8Array,
  member: string,
): Uint8Array {
  return joined(label("hint"), field(room), kc, keyOf(member));
}

/** How a wrap is found among those of others. */
export function hintOfHash(hash: Uint8Array): Uint8Array {
  return joined(Uint8Array.of(IDENTITY_KEY), hash.subarray(0, HINT - 1));
}

/** The wrap of this hint; undefined where the record has none. */
export function wrapOfHint(
  { wraps }: EpochRecord,
  hint: Uint8Array,
): Wrap | undefined {
  const hex = hint.toHex();
  return wraps.find((wrap) => wrap.hint.toHex() === hex);
}

type Owned = Pick<EpochHead, "room" | "author">;

/** What is hashed (SHA-256) to a record's name. @param body all but its signature @throws {RangeError} for an author who is no agent */
export function recordHashInput(
  { room, author }: Owned,
  body: Uint8Array,
): Uint8Array {
  return joined(label("epoch"), field(room), field(keyOf(author)), body);
}

/** What a state's seal is bound to. @param startHash SHA-256 of all before it */
export function stateAad(
  { room, author }: Owned,
  startHash: Uint8Array,
): Uint8Array {
  return joined(label("state"), field(room), field(keyOf(author)), startHash);
}

/** A record of its parts and their hashes. */
export function recordOfForm(
  { room, author }: Owned,
  { start: _, ...form }: RecordForm,
  { body, hash, startHash }: {
    readonly body: Uint8Array;
    readonly hash: Uint8Array;
    readonly startHash: Uint8Array;
  },
): EpochRecord {
  return {
    ...{ room, author, ...form, hash: hash.toHex(), body },
    stateAad: stateAad({ room, author }, startHash),
  };
}

/** What a record's author signs. @throws {RangeError} for an author who is no agent */
export function epochStatement(
  { room, author, hash }: Pick<EpochRecord, "room" | "author" | "hash">,
): Uint8Array {
  const parts = { room, author: keyOf(author), hash: Uint8Array.fromHex(hash) };
  return statementBytes({ kind: "epoch", ...parts });
}

/** What was opened as a record's state; null where it breaks a rule, or has not as many members as wraps. */
export function readState(
  { wraps }: EpochRecord,
  opened: Uint8Array,
): EpochState | null {
  const text = unpadded(opened);
  const state = text === null ? null : parseState(text);
  return state?.members.length === wraps.length ? state : null;
}

/** Whether each of these hints, those of a state's members, has a wrap. */
export function isSealedToAll(
  { wraps }: EpochRecord,
  hints: readonly Uint8Array[],
): boolean {
  const had = new Set(wraps.map(({ hint }) => hint.toHex()));
  return hints.every((hint) => had.has(hint.toHex()));
}

function placeOf({ n, parents }: EpochHead): Uint8Array {
  if (parents.length > MOST_PARENTS) throw new RangeError("too many parents");
  const hashes = parents.map((parent) => Uint8Array.fromHex(parent));
  return joined(bigEndian(n, 8), Uint8Array.of(parents.length), ...hashes);
}

function keyOf(agent: string): Uint8Array {
  const key = parseAgentId(agent);
  if (key === null) throw new RangeError("it is no agent");
  return key;
}
