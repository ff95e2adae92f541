import { encodeBase58 } from "../protocol/base58.ts";
import { ByteReader, joined, utf8Text } from "../protocol/byte_layout.ts";
import { parseAgentId } from "../protocol/agent_id.ts";
import type { RoomName } from "../protocol/names.ts";
import type { Verifier } from "../protocol/verifying.ts";
import { type Head, parseHead, writeHead } from "./head.ts";
import { padded, unpadded } from "./padding.ts";
import { field, label, statementBytes } from "./labelled_bytes.ts";
import { openOnce, sealOnce, sha256 } from "./primitives.ts";
import { KEY_BYTES } from "./sizes.ts";

/** Where a message stands on the wire: what its seal binds it to. */
export interface Place {
  readonly room: RoomName;
  /** The author's agent id. */
  readonly from: string;
  /** The message's id. */
  readonly id: string;
}

/** The open start of a sealed message. */
export interface MessageStart {
  /** The first 16 bytes of its epoch's hash. */
  readonly epoch: Uint8Array;
  /** 32 bytes, by which its key is found. */
  readonly salt: Uint8Array;
  readonly sealed: Uint8Array;
}

export interface SealedContent {
  readonly head: Head;
  readonly text: string;
}

/** Either what was said, or why it is refused; the reason repeats nothing of it. */
export type OpenedMessage =
  | { readonly ok: true; readonly content: SealedContent }
  | Refused;

/** The same before it is read. */
export type OpenedContent =
  | { readonly ok: true; readonly content: Uint8Array }
  | Refused;

interface Refused {
  readonly ok: false;
  readonly reason: string;
}

export const EPOCH_BYTES = 16;
const VERSION = 1;
const SIGNATURE = 64;

/** Reads a message up to what is sealed; null for what is none. */
export function readMessage(body: Uint8Array): MessageStart | null {
  const reader = new ByteReader(body);
  const version = reader.number(1);
  const epoch = reader.take(EPOCH_BYTES);
  const salt = reader.take(KEY_BYTES);
  const sealed = reader.rest();
  const isOne = reader.isDone && version === VERSION && sealed.length > 0;
  return isOne ? { epoch, salt, sealed } : null;
}

/** What of a message its author signs, and the bytes that will be sealed beside that. */
export interface PreparedMessage {
  /** For a statement of kind "said". */
  readonly hash: Uint8Array;
  readonly content: Uint8Array;
}

/** @throws {RangeError} for a head over its bound. */
export function prepareMessage(
  place: Pick<Place, "id">,
  epoch: Uint8Array,
  { head, text }: SealedContent,
): PreparedMessage {
  const written = writeHead(head);
  const content = joined(field(written), new TextEncoder().encode(text));
  return prepareContent(place, epoch, content);
}

/** What else is sealed as a message is: a head with its length, and what follows. */
export function prepareContent(
  { id }: Pick<Place, "id">,
  epoch: Uint8Array,
  content: Uint8Array,
): PreparedMessage {
  return { hash: saidHash(id, epoch, content), content };
}

/** The body of a sealed message. @param key of this salt alone */
export function sealMessage(
  place: Place,
  { epoch, salt }: Pick<MessageStart, "epoch" | "salt">,
  { content, signature, key }: {
    readonly content: Uint8Array;
    readonly signature: Uint8Array;
    readonly key: Uint8Array;
  },
): Uint8Array {
  const start = joined(Uint8Array.of(VERSION), epoch, salt);
  const text = padded(joined(signature, content));
  return joined(start, sealOnce(key, messageAad(place, start), text));
}

/** With what something sealed is opened and checked. */
export interface Opener {
  /** Of this salt alone. */
  readonly key: Uint8Array;
  readonly verifier: Verifier;
}

/** Opens a message and checks that its author said just this, here. Total: never throws. */
export function openMessage(
  place: Place,
  start: MessageStart,
  opener: Opener,
): OpenedMessage {
  const opened = openContent(place, start, opener);
  return opened.ok ? readContent(opened.content) : opened;
}

/** The head with its length, and what follows, once its author has said just this, here. Total: never throws. */
export function openContent(
  place: Place,
  { epoch, salt, sealed }: MessageStart,
  { key, verifier }: Opener,
): OpenedContent {
  const author = parseAgentId(place.from);
  if (author === null) return refused("its author is no agent");
  const start = joined(Uint8Array.of(VERSION), epoch, salt);
  const whole = openOnce(key, messageAad(place, start), sealed);
  if (whole === null) return refused("it was altered, or is another's");
  const text = unpadded(whole);
  if (text === null || text.length < SIGNATURE + 2) {
    return refused("its padding is wrong");
  }
  const content = text.subarray(SIGNATURE);
  const hash = saidHash(place.id, epoch, content);
  const said = statementBytes({
    ...{ kind: "said", room: place.room, author, hash },
  });
  const signature = encodeBase58(text.subarray(0, SIGNATURE));
  return verifier.verify(place.from, signature, said)
    ? { ok: true, content }
    : refused("its author did not sign it");
}

function readContent(content: Uint8Array): OpenedMessage {
  const reader = new ByteReader(content);
  const head = parseHead(reader.take(reader.number(2)));
  const text = utf8Text(reader.rest());
  if (!reader.isDone || head === null || text === null) {
    return refused("what it holds can't be read");
  }
  return { ok: true, content: { head, text } };
}

function saidHash(
  id: string,
  epoch: Uint8Array,
  content: Uint8Array,
): Uint8Array {
  return sha256(field(epoch), field(id), content);
}

/** What a sealed message is bound to: its place, its epoch and its salt. */
export function messageAad(
  { room, from, id }: Place,
  start: Uint8Array,
): Uint8Array {
  const author = parseAgentId(from);
  if (author === null) throw new RangeError("its author is no agent");
  return joined(
    label("message"),
    field(room),
    field(author),
    field(id),
    field(start),
  );
}

function refused(reason: string): Refused {
  return { ok: false, reason };
}
