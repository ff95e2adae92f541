import { deliveredBytes } from "../protocol/signing.ts";
import type { Verifier } from "../protocol/verifying.ts";
import { attestedBytes } from "./attestation.ts";
import { SealedCheck, unopened } from "./sealed_check.ts";
import type { SentHole } from "./sent_streams.ts";
import {
  LineChain,
  readLine,
  type SaidFrame,
  type TranscriptFoot,
  type TranscriptHead,
  type TranscriptLine,
} from "./transcript_lines.ts";

/** What is wrong with a transcript, and in which line, from 1. */
export interface TranscriptFault {
  readonly line: number;
  readonly reason: string;
}

/** What a transcript without a fault holds. */
export interface TranscriptSummary {
  readonly head: TranscriptHead;
  readonly messages: number;
  /** How many agents wrote them. */
  readonly authors: number;
  /** How many the exporter says are missing. */
  readonly missing: number;
  /** The relay's numbers of the first and the last; absent where it gives none. */
  readonly seqs?: { readonly first: number; readonly last: number };
  /** Of a private room, or a talk. */
  readonly sealed?: SealedSummary;
}

/** What more is known of a transcript of what was sealed. */
export interface SealedSummary {
  /** Messages whose keys are not in it. */
  readonly unopened: number;
  /** Frames that are no messages: receipts, records of keys, requests. */
  readonly others: number;
  /** Messages whose frame bears no signature, as some relays keep them: what is sealed in it does. */
  readonly unsigned_frames: number;
  /** Messages that their authors number, or others had, and that are not in it. */
  readonly holes: readonly SentHole[];
}

/** Either all of it is in order, or the first thing that is not. */
export type TranscriptVerdict =
  | { readonly ok: true; readonly summary: TranscriptSummary }
  | { readonly ok: false; readonly fault: TranscriptFault };

/** Checks a transcript line by line, with nothing but what stands in it. Total: any text in, never throws. */
export class TranscriptCheck {
  readonly #verifier: Verifier;
  readonly #chain = new LineChain();
  /** The line in which a message, or a nonce, stood first, by its author. */
  readonly #ids = new Map<string, number>();
  readonly #nonces = new Map<string, number>();
  readonly #authors = new Set<string>();
  #line = 0;
  #head: TranscriptHead | null = null;
  /** Of a private room, or a talk. */
  #sealed: SealedCheck | null = null;
  #unopened = 0;
  #others = 0;
  #unsignedFrames = 0;
  #messages = 0;
  /** With those that are no messages. */
  #frames = 0;
  #missing = 0;
  #firstSeq: number | undefined;
  #lastSeq: number | undefined;
  #isEnded = false;
  #fault: TranscriptFault | null = null;

  constructor(verifier: Verifier) {
    this.#verifier = verifier;
  }

  /** The next line, without its line feed. @returns whether it is worth to go on */
  add(text: string): boolean {
    if (this.#fault !== null) return false;
    this.#line++;
    const read = readLine(text);
    const reason = read.ok ? this.#check(read.line) : read.reason;
    if (reason !== null) this.#fault ??= { line: this.#line, reason };
    this.#chain.add(text);
    return this.#fault === null;
  }

  /** After the last line. */
  end(): TranscriptVerdict {
    if (this.#fault === null && !this.#isEnded) {
      const reason = this.#head === null
        ? "it is empty"
        : "its end is missing: lines were cut off behind this one";
      this.#fault = { line: Math.max(1, this.#line), reason };
    }
    if (this.#fault !== null || this.#head === null) {
      const fault = this.#fault ?? { line: 1, reason: "it is empty" };
      return { ok: false, fault };
    }
    const [first, last] = [this.#firstSeq, this.#lastSeq];
    const summary = {
      ...{ head: this.#head, messages: this.#messages },
      ...{ authors: this.#authors.size, missing: this.#missing },
      ...(first === undefined || last === undefined
        ? {}
        : { seqs: { first, last } }),
      ...(this.#sealed === null
        ? {}
        : { sealed: this.#ofSealed(this.#sealed) }),
    };
    return { ok: true, summary };
  }

  #ofSealed({ streams: { holes } }: SealedCheck): SealedSummary {
    return {
      ...{ unopened: this.#unopened, others: this.#others, holes },
      unsigned_frames: this.#unsignedFrames,
    };
  }

  /** What is wrong with a line; null for nothing. */
  #check(line: TranscriptLine): string | null {
    if (this.#isEnded) return "it stands behind the end";
    if (line.kind === "head") return this.#begin(line.head);
    if (this.#head === null) return "a transcript begins with another line";
    if (line.kind === "foot") return this.#finish(this.#head, line.foot);
    if (line.after !== this.#chain.mark) return this.#broken();
    if (line.kind === "missing") return this.#hole(line.hole);
    return line.kind === "epoch"
      ? this.#sealed?.epoch(line.epoch) ?? this.#public()
      : this.#message(this.#head, line);
  }

  #begin(head: TranscriptHead): string | null {
    if (this.#head !== null) return "it begins once more";
    this.#head = head;
    const { wire, with: other } = head;
    if (wire !== undefined) {
      const isTalk = other !== undefined;
      const verifier = this.#verifier;
      this.#sealed = new SealedCheck({ verifier, wire, isTalk });
    }
    return null;
  }

  #public(): string | null {
    return this.#sealed === null ? "a public room has no records" : null;
  }

  #message(head: TranscriptHead, line: MessageLine): string | null {
    const { message, seq } = line;
    this.#frames++;
    if (!isOf(head, message)) return "it is of another room";
    const reason = this.#signature(line) ?? this.#again(message) ??
      this.#content(line);
    if (reason !== null) return reason;
    return seq === undefined
      ? this.#lastSeq === undefined ? null : "it has no number, as others have"
      : this.#next(seq, seq);
  }

  /** A relay may have kept none of a frame: then what its author signed is sealed in it. */
  #signature({ message, raw, opened }: MessageLine): string | null {
    const { from, signature } = message;
    if (signature === "" && opened !== undefined) {
      this.#unsignedFrames++;
      return null;
    }
    return this.#verifier.verify(from, signature, deliveredBytes(raw))
      ? null
      : "its signature is not its author's: the text, or what else was signed, is not what the author wrote";
  }

  #content({ message, opened }: MessageLine): string | null {
    const sealed = this.#sealed;
    if (sealed !== null && opened === undefined) {
      if (unopened(message) === "message") this.#unopened++;
      else this.#others++;
      return null;
    }
    this.#authors.add(message.from);
    this.#messages++;
    if (opened === undefined) return null;
    return sealed === null
      ? "a public room has no keys"
      : sealed.message(message, opened);
  }

  /** The same message twice, or two with one nonce, of which a relay takes one alone. */
  #again({ from, id, nonce }: SaidFrame): string | null {
    for (
      const [seen, key, what] of [
        [this.#ids, `${from} ${id}`, "the same message stands"],
        [this.#nonces, `${from} ${nonce}`, "its nonce was used"],
      ] as const
    ) {
      // Where a relay keeps no signature it keeps no nonce.
      if (seen === this.#nonces && nonce === "") continue;
      const before = seen.get(key);
      if (before !== undefined) return `${what} in line ${before}`;
      seen.set(key, this.#line);
    }
    return null;
  }

  #hole({ from, to }: { from: number; to: number }): string | null {
    this.#missing += to - from + 1;
    return this.#next(from, to);
  }

  /** A relay numbers the messages of a room without holes. */
  #next(first: number, last: number): string | null {
    const before = this.#lastSeq;
    if (before === undefined && this.#frames > 1) {
      return "it has a number, as others have not";
    }
    if (before !== undefined && first <= before) {
      return `its number ${first} does not follow ${before}: lines were moved`;
    }
    if (before !== undefined && first > before + 1) {
      return `numbers ${before + 1} to ${first - 1} are missing before it`;
    }
    this.#firstSeq ??= first;
    this.#lastSeq = last;
    return null;
  }

  #finish(head: TranscriptHead, foot: TranscriptFoot): string | null {
    if (foot.chain !== this.#chain.hex) return this.#broken();
    if (foot.count !== this.#messages) {
      return `it counts ${foot.count} messages, and there are ${this.#messages}`;
    }
    if (!this.#verifier.verify(head.by, foot.signature, attestedBytes(foot))) {
      return "its signature is not that of who made the transcript";
    }
    this.#isEnded = true;
    return null;
  }

  /** The chain names the line before, whose own parts are in order as far as they are signed. */
  #broken(): null {
    const line = Math.max(1, this.#line - 1);
    this.#fault = {
      line,
      reason:
        "it, its number or its time is not as it was written, or lines behind it are missing or new",
    };
    return null;
  }
}

type MessageLine = Extract<TranscriptLine, { kind: "message" }>;

/** Whether a frame belongs here: to the room, or to the talk of these two. */
function isOf(
  { room, wire = room, by, with: other }: TranscriptHead,
  frame: SaidFrame,
): boolean {
  const { from } = frame;
  // Where a relay keeps nothing for one agent, a talk is in a room of both.
  if (frame.type === "message") {
    const isOne = other === undefined || from === by || from === other;
    return isOne && frame.room === wire;
  }
  const { to } = frame;
  return (from === by && to === other) || (from === other && to === by);
}
