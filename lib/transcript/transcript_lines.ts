import { createHash } from "node:crypto";
import { isAgentId } from "../protocol/agent_id.ts";
import { parseObject } from "../protocol/decode.ts";
import {
  decodeHistoryMessage,
  decodeKeptDirect,
} from "../protocol/decode_relay_frame.ts";
import type { DeliveredDirect } from "../protocol/direct_frames.ts";
import { isLocalRoom } from "../protocol/direct_room.ts";
import {
  type DeliveredMessage,
  type RawObject,
  RELAY_FIELDS,
} from "../protocol/frames.ts";
import {
  isAttestable,
  TRANSCRIPT_LABEL,
  type TranscriptEnd,
} from "./attestation.ts";
import type { RoomName } from "../protocol/names.ts";
import { isPrivateWire } from "../sealed/sealed_text.ts";

/** What a transcript begins with (protocol.md section 13). */
export interface TranscriptHead {
  /** As the exporter calls it. */
  readonly room: RoomName;
  /** What a private room, or a talk, is called in what is signed. */
  readonly wire?: RoomName | undefined;
  /** Of a talk: agent id of the other. */
  readonly with?: string | undefined;
  /** The relay's address as the exporter dials it. */
  readonly relay: string;
  /** Agent id of who made it. */
  readonly by: string;
  /** What the exporter is called; a claim. */
  readonly name: string;
  /** When it was made, milliseconds since 1970. */
  readonly at: number;
  /** Only what the relay took from then on. */
  readonly since?: number | undefined;
}

/** What it ends with. */
export interface TranscriptFoot extends TranscriptEnd {
  /** The exporter's, over `attestedBytes`; base58. */
  readonly signature: string;
}

/** A frame as its author signed it, and what the relay said of it. */
export interface TranscriptMessage {
  readonly frame: RawObject;
  readonly seq?: number | undefined;
  readonly received_at?: number | undefined;
  readonly opened?: OpenedText | undefined;
}

/** What is sealed in a frame, and what shows that it is. */
export interface OpenedText {
  readonly text: string;
  /** The key of this message alone, base64url. */
  readonly key: string;
}

/** The record of a private room's key: to whom its author gave it. */
export interface TranscriptEpoch {
  readonly author: string;
  /** As it went over the wire, base64url. */
  readonly body: string;
}

/** A frame that was read: a room's message, or one to an agent. */
export type SaidFrame = DeliveredMessage | DeliveredDirect;

/** Numbers of the relay whose messages the exporter could not have or did not believe, both included. */
export interface TranscriptHole {
  readonly from: number;
  readonly to: number;
}

/** A line, read. */
export type TranscriptLine =
  | { readonly kind: "head"; readonly head: TranscriptHead }
  | {
    readonly kind: "message";
    readonly message: SaidFrame;
    readonly raw: RawObject;
    readonly seq: number | undefined;
    readonly opened: OpenedText | undefined;
    readonly after: string;
  }
  | {
    readonly kind: "epoch";
    readonly epoch: TranscriptEpoch;
    readonly after: string;
  }
  | {
    readonly kind: "missing";
    readonly hole: TranscriptHole;
    readonly after: string;
  }
  | { readonly kind: "foot"; readonly foot: TranscriptFoot };

/** A line that can be read, or why it can't. */
export type ReadLine =
  | { readonly ok: true; readonly line: TranscriptLine }
  | { readonly ok: false; readonly reason: string };

/** A line is a frame of at most 64 KB, written with escapes, and a little more. */
export const LONGEST_LINE = 1024 * 1024;

/** So much of the chain stands in each line, so that the place of a change is known; hex digits. */
const MARK = 16;
const VERSION = 1;

/** A chain over lines: each value is the SHA-256 of the one before and of the line's bytes. */
export class LineChain {
  #value: Uint8Array = createHash("sha256").update(TRANSCRIPT_LABEL).digest();

  /** @param line without its line feed */
  add(line: string): void {
    this.#value = createHash("sha256").update(this.#value).update(line)
      .digest();
  }

  /** What the next line says of those before it. */
  get mark(): string {
    return this.hex.slice(0, MARK);
  }

  get hex(): string {
    return this.#value.toHex();
  }
}

/** The first line. */
export function headLine(head: TranscriptHead): string {
  return JSON.stringify({ agentnet_transcript: VERSION, ...head });
}

/** A message's line; the frame without what the relay added to it. @param after the chain's mark before it */
export function messageLine(
  { frame, seq, received_at, opened }: TranscriptMessage,
  after: string,
): string {
  const signed: Record<string, unknown> = { ...frame };
  for (const field of RELAY_FIELDS) delete signed[field];
  const { text, key } = opened ?? {};
  return JSON.stringify({ after, seq, received_at, text, key, frame: signed });
}

/** The line of a record. */
export function epochLine(epoch: TranscriptEpoch, after: string): string {
  return JSON.stringify({ after, epoch });
}

/** The line of what is missing. */
export function missingLine(hole: TranscriptHole, after: string): string {
  return JSON.stringify({ after, missing: hole });
}

/** The last line. */
export function footLine(foot: TranscriptFoot): string {
  return JSON.stringify({ end: foot });
}

/** Reads a line, whatever it is. Never throws. */
export function readLine(text: string): ReadLine {
  if (text.length > LONGEST_LINE) return wrong("it is too long");
  const parsed = parseObject(text, { wholeNumbers: false });
  if (!parsed.ok) return wrong(parsed.fault.message);
  const { raw } = parsed;
  if (Object.hasOwn(raw, "agentnet_transcript")) return readHead(raw);
  if (Object.hasOwn(raw, "frame")) return readMessage(raw);
  if (Object.hasOwn(raw, "missing")) return readMissing(raw);
  if (Object.hasOwn(raw, "epoch")) return readEpoch(raw);
  if (Object.hasOwn(raw, "end")) return readFoot(raw.end, text);
  return wrong("it is no line of a transcript");
}

function readHead(raw: RawObject): ReadLine {
  if (raw.agentnet_transcript !== VERSION) {
    return wrong("it is of a newer program: update agentnet");
  }
  const { room, wire, with: other, relay, by, name, at, since } = raw;
  if (!isLocalRoom(room)) return wrong("its room is none");
  // Else what was sealed could pass for a public room's, receipts for messages, or a public room's for what no agent wrote.
  if (wire !== undefined && !isWire(wire)) return wrong("'wire' is none");
  if (wire === undefined && isWire(room)) return wrong("'wire' is missing");
  if (!isText(by) || !isAgentId(by)) return wrong("'by' is no agent's key");
  if (other !== undefined && !(isText(other) && isAgentId(other))) {
    return wrong("'with' is no agent's key");
  }
  if (other !== undefined && wire === undefined) {
    return wrong("'wire' is missing");
  }
  if (!isText(relay) || !isText(name)) {
    return wrong("'relay' or 'name' is none");
  }
  if (!isWhole(at)) return wrong("'at' is no time");
  if (since !== undefined && !isWhole(since)) {
    return wrong("'since' is no time");
  }
  const head = { room, wire, with: other, relay, by, name, at, since };
  return { ok: true, line: { kind: "head", head } };
}

function readMessage(raw: RawObject): ReadLine {
  const { after, seq, received_at, frame, text, key } = raw;
  if (!isText(after)) return wrong("'after' is missing");
  if (seq !== undefined && !isWhole(seq)) return wrong("'seq' is no number");
  if (received_at !== undefined && !isWhole(received_at)) {
    return wrong("'received_at' is no time");
  }
  if (!isObject(frame)) return wrong("'frame' is none");
  const opened = typeof text === "string" && isText(key)
    ? { text, key }
    : undefined;
  if (opened === undefined && (text ?? key) !== undefined) {
    return wrong("'text' or 'key' is none");
  }
  const decoded = frame.type === "direct"
    ? decodeKeptDirect(frame)
    : decodeHistoryMessage(frame);
  if (!decoded.ok) return wrong(`no message: ${decoded.fault.message}`);
  const line = { kind: "message", message: decoded.frame, opened } as const;
  return { ok: true, line: { ...line, raw: frame, seq, after } };
}

function readEpoch({ after, epoch }: RawObject): ReadLine {
  if (!isText(after)) return wrong("'after' is missing");
  const { author, body } = isObject(epoch) ? epoch : {};
  return isText(author) && typeof body === "string"
    ? { ok: true, line: { kind: "epoch", epoch: { author, body }, after } }
    : wrong("'epoch' is no record");
}

function readMissing({ after, missing }: RawObject): ReadLine {
  if (!isText(after)) return wrong("'after' is missing");
  const { from, to } = isObject(missing) ? missing : {};
  return isWhole(from) && isWhole(to) && from <= to
    ? { ok: true, line: { kind: "missing", hole: { from, to }, after } }
    : wrong("'missing' names no numbers");
}

function readFoot(end: unknown, text: string): ReadLine {
  const { count, chain, signature } = isObject(end) ? end : {};
  if (!isAttestable(chain, count)) return wrong("'chain' or 'count' is none");
  if (!isText(signature)) return wrong("'signature' is missing");
  const foot = { count, chain, signature } as TranscriptFoot;
  // The chain can't cover it.
  return text === footLine(foot)
    ? { ok: true, line: { kind: "foot", foot } }
    : wrong("it is not as it was written");
}

function wrong(reason: string): ReadLine {
  return { ok: false, reason };
}

function isObject(value: unknown): value is RawObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const isWire = (value: unknown): value is RoomName =>
  typeof value === "string" && isPrivateWire(value);
const isText = (value: unknown): value is string =>
  typeof value === "string" && value.length <= 4_096;
const isWhole = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0;
