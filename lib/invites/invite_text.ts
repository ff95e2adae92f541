import { base64urlnopad } from "@scure/base";
import { defined } from "../defined.ts";
import { parseAgentId } from "../protocol/agent_id.ts";
import { encodeBase58 } from "../protocol/base58.ts";
import {
  bigEndian,
  ByteReader,
  counted,
  joined,
} from "../protocol/byte_layout.ts";
import { isRoomName, type RoomName } from "../protocol/names.ts";
import type { SignLater } from "../protocol/signing.ts";

/** What an invitation to a private room says beside: what it is on the wire, and how whoever has it is let in. */
export interface SealedInvitation {
  /** The room's name on the wire. */
  readonly wire: RoomName;
  /** Of the invitation's own key, 32 bytes: who has it may ask to be let in. */
  readonly seed: Uint8Array;
  /** The room's first epoch, hex. */
  readonly root: string;
}

/** What an invitation to a room says (protocol.md section 11). */
export interface Invitation {
  /** Of whom invites. */
  readonly by: string;
  /** The last moment, in milliseconds since 1970; whole seconds. */
  readonly until: number;
  /** Its name; of a private room what its members call it. */
  readonly room: RoomName;
  /** Of a private room alone. */
  readonly sealed?: SealedInvitation;
  /** The name of whom invites, 0 to 64 bytes: a claim. */
  readonly name: string;
  /** The relay's address as it is dialled. */
  readonly relay: string;
}

/** An invitation as it was read from a text, its signature not checked yet. */
export interface SignedInvitation {
  readonly invitation: Invitation;
  /** The bytes that the signature covers. */
  readonly signed: Uint8Array;
  /** base58. */
  readonly signature: string;
}

/** Either an invitation, or why the text is none; the reason repeats nothing of it. */
export type ParsedInvite =
  | { readonly ok: true; readonly signed: SignedInvitation }
  | { readonly ok: false; readonly reason: string };

/** What each text of an invitation begins with, up to its version. */
export const INVITE_PREFIX = "agentnet-invite-";

/** An invitation is at most so long where its relay's address allows it. */
export const LONGEST_INVITE = 399;

const START = `${INVITE_PREFIX}1.`;
/** The longest text that is looked at. */
const MOST_LENGTH = 2_000;
/** No frame is signed under this: the bytes of a frame begin with "{". */
const LABEL = new TextEncoder().encode("agentnet-invite-1\0");
/** The kinds that this version knows. */
const PUBLIC = 1;
const PRIVATE = 2;
/** A relay's address stands in lines that are typed: nothing in it means something to a shell. */
const PLAIN_RELAY = /^wss?:\/\/[A-Za-z0-9._~:/%\[\]\-]+$/;
const KEY = 32;
const SIGNATURE = 64;
/** What of a private room's name on the wire is not the same for each. */
const WIRE_ROOM = 16;
const TIME = 5;

/**
 * Writes an invitation. A name that would make it too long is left out.
 *
 * @param sign of the key whose id is `by`.
 * @throws {RangeError} for what no invitation can hold.
 */
export async function writeInvite(
  invitation: Invitation,
  sign: SignLater,
): Promise<string> {
  const whole = inviteBody(invitation);
  const body = textLength(whole) <= LONGEST_INVITE
    ? whole
    : inviteBody({ ...invitation, name: "" });
  const signature = await sign(signedBytes(body));
  return START + base64urlnopad.encode(joined(body, signature));
}

/** Reads an invitation's text, in just the one form in which {@link writeInvite} writes it. */
export function parseInvite(text: string): ParsedInvite {
  const refused = (reason: string) => ({ ok: false as const, reason });
  if (!text.startsWith(INVITE_PREFIX)) return refused("it is no invitation");
  if (!text.startsWith(START)) {
    return refused("it is altered, or made by a newer version");
  }
  const bytes = text.length > MOST_LENGTH
    ? null
    : decodeBase64(text.slice(START.length));
  if (bytes === null) return refused("it is altered");
  const body = bytes.subarray(0, -SIGNATURE);
  const signature = encodeBase58(bytes.subarray(-SIGNATURE));
  if (body[0] !== PUBLIC && body[0] !== PRIVATE && body.length > 0) {
    return refused("it is altered, or made by a newer version");
  }
  const invitation = readBody(body);
  if (invitation === null) return refused("it is altered");
  const signed = signedBytes(body);
  return { ok: true, signed: { invitation, signed, signature } };
}

function signedBytes(body: Uint8Array): Uint8Array {
  return joined(LABEL, body);
}

function inviteBody(
  { by, until, room, name, relay, sealed }: Invitation,
): Uint8Array {
  const key = parseAgentId(by);
  const seconds = until / 1000;
  if (key === null || !Number.isSafeInteger(seconds) || seconds < 0) {
    throw new RangeError("no invitation can say this");
  }
  return joined(
    Uint8Array.of(sealed === undefined ? PUBLIC : PRIVATE),
    key,
    bigEndian(seconds, TIME),
    ...(sealed === undefined ? [] : sealedParts(sealed)),
    counted(room, 1),
    counted(name, 1),
    counted(relay, 2),
  );
}

function sealedParts({ wire, seed, root }: SealedInvitation): Uint8Array[] {
  return [seed, Uint8Array.fromHex(root), Uint8Array.fromHex(wire.slice(2))];
}

function readSealed(reader: ByteReader): SealedInvitation {
  const seed = reader.take(KEY);
  const root = reader.take(KEY).toHex();
  const wire = `p-${reader.take(WIRE_ROOM).toHex()}`;
  return { seed, root, wire: wire as RoomName };
}

function readBody(body: Uint8Array): Invitation | null {
  const reader = new ByteReader(body.subarray(1));
  const by = encodeBase58(reader.take(KEY));
  const until = reader.number(TIME) * 1000;
  const sealed = body[0] === PRIVATE ? readSealed(reader) : undefined;
  const room = reader.text(1);
  const name = reader.text(1);
  const relay = reader.text(2);
  return reader.isDone && parseAgentId(by) !== null && isRoomName(room) &&
      name !== null && relay !== null && PLAIN_RELAY.test(relay)
    ? { by, until, room, name, relay, ...defined({ sealed }) }
    : null;
}

/** The length of an invitation with this body, in characters. */
function textLength(body: Uint8Array): number {
  return START.length + Math.ceil((body.length + SIGNATURE) * 4 / 3);
}

/** Null for what is not written as we write it: a last character with unused bits is refused with the rest. */
function decodeBase64(text: string): Uint8Array | null {
  if (!/^[\w-]+$/.test(text)) return null;
  try {
    return base64urlnopad.decode(text);
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}
