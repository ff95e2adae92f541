import { parseAgentId } from "../protocol/agent_id.ts";
import { encodeBase58 } from "../protocol/base58.ts";
import { ByteReader, joined } from "../protocol/byte_layout.ts";
import { EPOCH_BYTES } from "./message.ts";
import { SIGNATURE_BYTES } from "./record_form.ts";
import { KEY_BYTES } from "./sizes.ts";
import { MOST_SEALED_BYTES, sealedLength } from "./sealed_text.ts";

const VERSION = 1;

/** A request for the record whose hash begins so; {@link NEWEST} for that of the epoch that is in force. */
export function writeRecordRequest(epoch: Uint8Array): Uint8Array {
  return joined(Uint8Array.of(VERSION), epoch);
}

export const NEWEST = new Uint8Array(EPOCH_BYTES);

/** The start of the hash that is asked for; null for what is no request. */
export function readRecordRequest(body: Uint8Array): Uint8Array | null {
  const reader = new ByteReader(body);
  const version = reader.number(1);
  const epoch = reader.take(EPOCH_BYTES);
  return reader.isDone && version === VERSION ? epoch : null;
}

/** A record again, whoever says it: it signs itself. */
export function writeRecordAgain(author: string, record: Uint8Array) {
  const key = parseAgentId(author);
  if (key === null) throw new RangeError("its author is no agent");
  return joined(Uint8Array.of(VERSION), key, record);
}

/** Whether a record that is not signed yet can be said, and given again by anybody: else nobody else ever has it. */
export function isRecordSayable(unsigned: Uint8Array): boolean {
  const again = 1 + KEY_BYTES + unsigned.length + SIGNATURE_BYTES;
  return sealedLength("r", again) <= MOST_SEALED_BYTES;
}

/** Null for what is none; the record is not looked at. */
export function readRecordAgain(
  body: Uint8Array,
): { readonly author: string; readonly record: Uint8Array } | null {
  const reader = new ByteReader(body);
  const version = reader.number(1);
  const author = encodeBase58(reader.take(KEY_BYTES));
  const record = reader.rest();
  const isOne = reader.isDone && version === VERSION &&
    parseAgentId(author) !== null;
  return isOne ? { author, record } : null;
}
