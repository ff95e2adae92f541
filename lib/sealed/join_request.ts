import { parseAgentId } from "../protocol/agent_id.ts";
import { encodeBase58 } from "../protocol/base58.ts";
import { bigEndian, ByteReader, joined } from "../protocol/byte_layout.ts";
import type { RoomName } from "../protocol/names.ts";
import type { Verifier } from "../protocol/verifying.ts";
import { field, label } from "./labelled_bytes.ts";
import { KEY_BYTES } from "./sizes.ts";

/** What a join request is bound to: useless to who copies it. */
export interface JoinPlace {
  readonly room: RoomName;
  /** Who asks to be let in. */
  readonly joiner: string;
  /** The room's first epoch, hex. */
  readonly root: string;
}

export interface JoinRequest {
  /** The invitation's public key, base58. */
  readonly pub: string;
  /** When it was asked, in milliseconds since 1970. */
  readonly at: number;
  readonly signature: Uint8Array;
}

const VERSION = 1;
const SIGNATURE = 64;

/** What the invitation's key signs. */
export function joinBytes(
  { room, joiner, root }: JoinPlace,
  at: number,
): Uint8Array {
  const key = parseAgentId(joiner);
  if (key === null) throw new RangeError("the joiner is no agent");
  const epoch = Uint8Array.fromHex(root);
  return joined(label("join"), field(room), key, epoch, bigEndian(at, 8));
}

export function writeJoin(
  { pub, at, signature }: JoinRequest,
): Uint8Array {
  const key = parseAgentId(pub);
  if (key === null) throw new RangeError("the invitation's key is none");
  return joined(Uint8Array.of(VERSION), key, bigEndian(at, 8), signature);
}

/** Null for what is none; its signature is not checked yet. */
export function readJoin(body: Uint8Array): JoinRequest | null {
  const reader = new ByteReader(body);
  const version = reader.number(1);
  const pub = encodeBase58(reader.take(KEY_BYTES));
  const at = reader.number(8);
  const signature = reader.take(SIGNATURE);
  const isOne = reader.isDone && version === VERSION &&
    Number.isSafeInteger(at) && parseAgentId(pub) !== null;
  return isOne ? { pub, at, signature } : null;
}

/** Whether the one who asks has the invitation's secret. */
export function isJoinSigned(
  place: JoinPlace,
  { pub, at, signature }: JoinRequest,
  verifier: Verifier,
): boolean {
  if (parseAgentId(place.joiner) === null) return false;
  return verifier.verify(pub, encodeBase58(signature), joinBytes(place, at));
}
