import type { RoomName } from "../protocol/names.ts";
import type { Verifier } from "../protocol/verifying.ts";
import type { EpochRecord } from "../sealed/record_form.ts";
import { readRecord, wrapFor } from "../sealed/epoch_record.ts";
import type { Head } from "../sealed/head.ts";
import {
  EPOCH_BYTES,
  type MessageStart,
  openMessage,
  readMessage,
} from "../sealed/message.ts";
import { KEY_BYTES } from "../sealed/sizes.ts";
import { fromBase64, readSealed } from "../sealed/sealed_text.ts";
import { SentStreams } from "./sent_streams.ts";
import type {
  OpenedText,
  SaidFrame,
  TranscriptEpoch,
} from "./transcript_lines.ts";

export interface SealedCheckOptions {
  readonly verifier: Verifier;
  /** The room's name in what is signed. */
  readonly wire: RoomName;
  /** A talk has one key for ever, and no records. */
  readonly isTalk: boolean;
}

/** What a frame is that came without a key. */
export type Unopened = "message" | "other";

/** What is sealed in a transcript, checked with the keys that it gives, each for one message. */
export class SealedCheck {
  readonly #options: SealedCheckOptions;
  readonly #records = new Map<string, EpochRecord>();
  /** What authors say that they have sent. */
  readonly streams = new SentStreams();

  constructor(options: SealedCheckOptions) {
    this.#options = options;
  }

  /** @returns what is wrong with a record; null for nothing */
  epoch({ author, body }: TranscriptEpoch): string | null {
    const { verifier, wire, isTalk } = this.#options;
    if (isTalk) return "a talk has no records";
    const bytes = fromBase64(body);
    const read = bytes === null
      ? null
      : readRecord({ room: wire, author }, bytes, verifier);
    if (!read?.ok) return `a record: ${read?.reason ?? "it can't be read"}`;
    const start = startOf(read.record.hash);
    if (this.#records.has(start)) return "the same record stood before";
    this.#records.set(start, read.record);
    return null;
  }

  /** Whether the text is what its author sealed and signed, here. @returns what is wrong; null for nothing */
  message(
    { from, id, content }: SaidFrame,
    { text, key }: OpenedText,
  ): string | null {
    const { wire, verifier } = this.#options;
    const start = startOfMessage(content.text);
    if (start === null) return "it is no sealed message, but has a key";
    const bytes = fromBase64(key);
    if (bytes?.length !== KEY_BYTES) return "its key is none";
    const place = { room: wire, from, id };
    const one = openMessage(place, start, { key: bytes, verifier });
    if (!one.ok) return `what is sealed in it: ${one.reason}`;
    if (one.content.text !== text) {
      return "its text is not what is sealed in it";
    }
    const unheld = this.#unheld(from, start);
    if (unheld === null) this.#hear(from, one.content.head);
    return unheld;
  }

  /** Why its author can't have had its key by the records that stand before; null where he could. */
  #unheld(from: string, { epoch }: MessageStart): string | null {
    if (this.#options.isTalk) return null;
    const record = this.#records.get(epoch.toHex());
    if (record === undefined) return "no record of its key stands before it";
    return wrapFor(record, from) === undefined
      ? "its author was not given its key"
      : null;
  }

  #hear(from: string, { stream, n, saw }: Head): void {
    this.streams.said(from, stream, n);
    for (const [who, other, upTo] of saw) this.streams.seen(who, other, upTo);
  }
}

/** What a frame without a key is. */
export function unopened({ content }: SaidFrame): Unopened {
  return startOfMessage(content.text) === null ? "other" : "message";
}

function startOfMessage(text: string): MessageStart | null {
  const sealed = readSealed(text);
  return sealed.is === "sealed" && sealed.kind === "m"
    ? readMessage(sealed.body)
    : null;
}

const startOf = (hash: string) => hash.slice(0, 2 * EPOCH_BYTES);
