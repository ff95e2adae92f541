import type { SealedFrame, Waiting } from "../../mailbox/sealed_frames.ts";
import {
  type MessageStart,
  openContent,
  type Opener,
  openMessage,
  type Place,
  readMessage,
  type SealedContent,
} from "../../../lib/sealed/message.ts";
import { parseReceipt, type Receipt } from "../../../lib/sealed/receipt.ts";
import { readSealed } from "../../../lib/sealed/sealed_text.ts";

/** A message, or a receipt, as it came. */
export interface SealedStart {
  readonly kind: "m" | "g";
  readonly start: MessageStart;
}

/** With its frame and its place in what waits. */
export interface SealedMessage extends SealedStart {
  readonly n: number;
  readonly frame: SealedFrame;
}

/** What a message says, and with which key. */
export interface OpenedMessage {
  readonly content: SealedContent;
  /** Of this message alone. */
  readonly key: Uint8Array;
  /** The start of its epoch's hash, hex. */
  readonly epoch: string;
}

/** What a message of a room's past says. */
export interface ReadMessage extends OpenedMessage {
  /** Its author was removed since: that it was said before, he alone says. */
  readonly isRemoved: boolean;
}

/** What becomes of one: taken in, refused, or kept until its key is there. */
export type Opened =
  | ({ readonly is: "opened" } & OpenedMessage)
  | { readonly is: "receipt"; readonly receipt: Receipt }
  | { readonly is: "refused" | "stuck" };

/** A row's time may be so far from the author's own word; milliseconds. */
const SLACK_MS = 120_000;

/**
 * When a message was said. Nobody signed the time of a row that came without its frame's signature: far from what its
 * author sealed, that one counts.
 */
export function saidAt(
  { verified, timestamp }: Pick<SealedFrame, "verified" | "timestamp">,
  { head: { at } }: SealedContent,
): number {
  const isBelieved = verified || Math.abs(timestamp - at) <= SLACK_MS;
  return isBelieved ? timestamp : at;
}

/** The frame as what it says that it is; null where it is neither. */
export function messageOf(
  { n, frame }: Extract<Waiting, { frame: SealedFrame }>,
): SealedMessage | null {
  const sealed = sealedMessageOf(frame.text);
  return sealed === null ? null : { n, frame, ...sealed };
}

/** Null for what is neither a message nor a receipt. */
export function sealedMessageOf(text: string): SealedStart | null {
  const sealed = readSealed(text);
  if (sealed.is !== "sealed") return null;
  const { kind, body } = sealed;
  if (kind !== "m" && kind !== "g") return null;
  const start = readMessage(body);
  return start === null ? null : { kind, start };
}

/** By what the frame says it is: a receipt's content is no message's, nor the other way round. */
export function openedOf(
  { kind, start }: SealedStart,
  place: Place,
  opener: Opener,
): Opened {
  if (kind === "m") {
    const one = openMessage(place, start, opener);
    if (!one.ok) return { is: "refused" };
    const epoch = start.epoch.toHex();
    return { is: "opened", content: one.content, key: opener.key, epoch };
  }
  const one = openContent(place, start, opener);
  const receipt = one.ok ? parseReceipt(one.content) : null;
  return receipt === null ? { is: "refused" } : { is: "receipt", receipt };
}
