import { Failure } from "../errors.ts";
import { isMessageId, MESSAGE_ID_RULE } from "../protocol/message_id.ts";

/** A random UUID, version 4 (RFC 9562 section 5.4). @param random 16 bytes */
export function uuid(random: Uint8Array): string {
  const bytes = random.slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toHex().replace(
    /^(.{8})(.{4})(.{4})(.{4})(.{12})$/,
    "$1-$2-$3-$4-$5",
  );
}

/**
 * The id of a message that is about to be sent: what was given, or a new one. Made before the request goes out, so
 * that a failure can name it and a second try is the same message.
 */
export function messageId(
  given: string | undefined,
  randomBytes: (count: number) => Uint8Array,
): string {
  return given ?? uuid(randomBytes(16));
}

/** An id as it was typed. @throws {Failure} USAGE. */
export function parseMessageId(id: string): string {
  if (isMessageId(id)) return id;
  const reason = `'${id.slice(0, 128)}' can't be a message's id`;
  throw new Failure("USAGE", { fields: { reason, fix: MESSAGE_ID_RULE } });
}
