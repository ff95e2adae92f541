import { utf8Text } from "../protocol/byte_layout.ts";
import { type SealedFile, sealedFile } from "./file_key.ts";
import { type Writer, writerOf } from "../protocol/written_by.ts";
import { isMessageId } from "../protocol/message_id.ts";
import { RECEIPT_WANTED } from "../protocol/marks_frames.ts";
import { isAgentId } from "../protocol/agent_id.ts";
import { type MessageKind, messageKind } from "../protocol/message_kind.ts";
import { defined } from "../defined.ts";

/** That somebody's message of a stream was seen: who, which stream, its number. */
export type Seen = readonly [who: string, stream: string, n: number];

/** What a message says beside its text, sealed with it. */
export interface Head {
  /** The author's stream: another one at each start of his daemon. */
  readonly stream: string;
  /** Which of its messages this is, from 1 on. */
  readonly n: number;
  /** When it was sealed, by its author's clock; milliseconds since 1970. */
  readonly at: number;
  /** The last of others' messages that its author has, at most {@link MOST_SEEN}. */
  readonly saw: readonly Seen[];
  /** The id of the message that this one answers. */
  readonly replyTo?: string;
  readonly kind?: MessageKind;
  readonly writtenBy?: Writer;
  /** Its author wants to be told when it arrived and was shown. */
  readonly wantsReceipt?: true;
  readonly file?: SealedFile;
}

export const MOST_SEEN = 32;
/** Longest head, in bytes. */
export const MOST_HEAD_BYTES = 4_096;
/** A stream: when it began, in milliseconds since 1970, to the base 36, and what tells it from another of that moment. */
const STREAM = /^([0-9a-z]{1,11})-[0-9a-z]{1,12}$/;

/** A new stream. @param now wall clock; @param chance differs at each call */
export function newStream(now: number, chance: Uint8Array): string {
  return `${Math.trunc(now).toString(36)}-${chance.toHex().slice(0, 12)}`;
}

/** When a stream began, by its author's clock; milliseconds since 1970. */
export function streamBegan(stream: string): number {
  return parseInt(stream, 36);
}

export function writeHead(head: Head): Uint8Array {
  const { stream, n, at, saw, replyTo, kind, writtenBy, wantsReceipt, file } =
    head;
  const json = JSON.stringify({
    ...{ s: stream, n, at, saw },
    ...defined({ re: replyTo, kind, by: writtenBy, file }),
    ...(wantsReceipt ? { want: RECEIPT_WANTED } : {}),
  });
  const bytes = new TextEncoder().encode(json);
  if (bytes.length <= MOST_HEAD_BYTES) return bytes;
  throw new RangeError("the head is too long");
}

/** Reads a head; what a newer program adds is passed over. Null for what is none. */
export function parseHead(bytes: Uint8Array): Head | null {
  if (bytes.length > MOST_HEAD_BYTES) return null;
  const { s, n, at, saw, re, kind, by, want, file } = jsonObject(bytes) ?? {};
  if (typeof s !== "string" || !STREAM.test(s)) return null;
  if (!isWhole(n) || n < 1 || !isWhole(at)) return null;
  if (!Array.isArray(saw) || saw.length > MOST_SEEN || !saw.every(isSeen)) {
    return null;
  }
  return {
    ...{ stream: s, n, at, saw },
    ...defined({
      replyTo: typeof re === "string" && isMessageId(re) ? re : undefined,
      kind: messageKind(kind),
      writtenBy: writerOf(by),
      file: sealedFile(file),
    }),
    ...(want === RECEIPT_WANTED ? { wantsReceipt: true } : {}),
  };
}

function isSeen(value: unknown): value is Seen {
  if (!Array.isArray(value) || value.length !== 3) return false;
  const [who, stream, n] = value;
  return typeof who === "string" && isAgentId(who) &&
    typeof stream === "string" && STREAM.test(stream) && isWhole(n) && n >= 1;
}

/** The JSON object that UTF-8 bytes hold; null for anything else. */
export function jsonObject(
  bytes: Uint8Array,
): Readonly<Record<string, unknown>> | null {
  const text = utf8Text(bytes);
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null &&
      !Array.isArray(value);
    return isObject ? value as Record<string, unknown> : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** A whole number from 0 up that JSON carries exactly. */
export function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
