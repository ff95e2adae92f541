import { ByteReader, joined } from "../protocol/byte_layout.ts";
import {
  INVITATION_ENDS,
  type InvitationEnd,
} from "../protocol/invitation_ends.ts";
import { jsonObject, MOST_HEAD_BYTES } from "./head.ts";
import { field } from "./labelled_bytes.ts";
import { sha256 } from "./primitives.ts";

/** What who invited answers to one request to be let in, sealed for who asked (protocol.md section 14, kind n). */
export interface JoinRefusal {
  /** {@link askHash} of the request. */
  readonly ask: string;
  readonly reason: InvitationEnd;
}

/** What tells a request from every other, hex. @param body as `writeJoin` gives it */
export function askHash(body: Uint8Array): string {
  return sha256(body).toHex();
}

/** What is sealed of a refusal: a head that no message's or receipt's is, and no text. */
export function refusalContent({ ask, reason }: JoinRefusal): Uint8Array {
  const head = JSON.stringify({ ask, no: reason });
  return joined(field(new TextEncoder().encode(head)));
}

/** Reads what {@link refusalContent} wrote; null for what is none. Total: never throws. */
export function parseRefusal(content: Uint8Array): JoinRefusal | null {
  const reader = new ByteReader(content);
  const head = reader.take(reader.number(2));
  if (!reader.isDone || head.length > MOST_HEAD_BYTES) return null;
  const { ask, no } = jsonObject(head) ?? {};
  const reason = INVITATION_ENDS.find((one) => one === no);
  const isOne = typeof ask === "string" && /^[0-9a-f]{64}$/.test(ask) &&
    reason !== undefined;
  return isOne ? { ask, reason } : null;
}
