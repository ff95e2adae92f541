import { base64urlnopad } from "@scure/base";
import { parseAgentId } from "../protocol/agent_id.ts";
import { encodeBase58 } from "../protocol/base58.ts";
import { isRoomName, type RoomName } from "../protocol/names.ts";
import type { SignLater } from "../protocol/signing.ts";

/** What an invitation to a public room says (protocol.md section 11). */
export interface Invitation {
  /** Of whom invites. */
  readonly by: string;
  /** The last moment, in milliseconds since 1970; whole seconds. */
  readonly until: number;
  readonly room: RoomName;
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
/** The one kind that this version knows: a public room. */
const PUBLIC = 1;
/** A relay's address stands in lines that are typed: nothing in it means something to a shell. */
const PLAIN_RELAY = /^wss?:\/\/[A-Za-z0-9._~:/%\[\]\-]+$/;
const KEY = 32;
const SIGNATURE = 64;
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
  if (body[0] !== PUBLIC && body.length > 0) {
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
  { by, until, room, name, relay }: Invitation,
): Uint8Array {
  const key = parseAgentId(by);
  const seconds = until / 1000;
  if (key === null || !Number.isSafeInteger(seconds) || seconds < 0) {
    throw new RangeError("no invitation can say this");
  }
  return joined(
    Uint8Array.of(PUBLIC),
    key,
    bigEndian(seconds, TIME),
    counted(room, 1),
    counted(name, 1),
    counted(relay, 2),
  );
}

function readBody(body: Uint8Array): Invitation | null {
  const reader = new Reader(body.subarray(1));
  const by = encodeBase58(reader.take(KEY));
  const until = reader.number(TIME) * 1000;
  const room = reader.text(1);
  const name = reader.text(1);
  const relay = reader.text(2);
  return reader.isDone && parseAgentId(by) !== null && isRoomName(room) &&
      name !== null && relay !== null && PLAIN_RELAY.test(relay)
    ? { by, until, room, name, relay }
    : null;
}

/** Reads one thing after the other; past the end everything is empty, and it is never done. */
class Reader {
  #rest: Uint8Array;
  #isShort = false;

  constructor(bytes: Uint8Array) {
    this.#rest = bytes;
  }

  get isDone(): boolean {
    return !this.#isShort && this.#rest.length === 0;
  }

  take(count: number): Uint8Array {
    if (count > this.#rest.length) this.#isShort = true;
    const taken = this.#rest.subarray(0, count);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }

  /** Of so many bytes, the highest first. */
  number(count: number): number {
    return this.take(count).reduce((sum, byte) => sum * 256 + byte, 0);
  }

  /** UTF-8 with its length before it; null for what is none. */
  text(lengthBytes: number): string | null {
    const bytes = this.take(this.number(lengthBytes));
    try {
      const decoder = new TextDecoder("utf-8", {
        fatal: true,
        ignoreBOM: true,
      });
      return decoder.decode(bytes);
    } catch (error) {
      if (error instanceof TypeError) return null;
      throw error;
    }
  }
}

function counted(text: string, lengthBytes: number): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  return joined(bigEndian(bytes.length, lengthBytes), bytes);
}

function bigEndian(value: number, count: number): Uint8Array {
  if (value >= 256 ** count) throw new RangeError("it is too large");
  return Uint8Array.from(
    { length: count },
    (_, at) => Math.floor(value / 256 ** (count - 1 - at)) % 256,
  );
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(
    parts.reduce((sum, part) => sum + part.length, 0),
  );
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
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
