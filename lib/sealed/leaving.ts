import { ByteReader, joined } from "../protocol/byte_layout.ts";
import { EPOCH_BYTES } from "./message.ts";

const VERSION = 1;

/**
 * That its author leaves the room: who is an admin takes him off its members. It names the epoch that he knows, so that it
 * says nothing of a later time when he is a member again.
 *
 * @param epoch the start of its record's hash
 */
export function writeLeaving(epoch: Uint8Array): Uint8Array {
  return joined(Uint8Array.of(VERSION), epoch);
}

/** The start of the hash of the epoch that its author knows; null for what is none. */
export function readLeaving(body: Uint8Array): Uint8Array | null {
  const reader = new ByteReader(body);
  const version = reader.number(1);
  const epoch = reader.take(EPOCH_BYTES);
  return reader.isDone && version === VERSION ? epoch : null;
}
