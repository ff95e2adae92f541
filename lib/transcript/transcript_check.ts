import type { DeliveredMessage } from "../protocol/frames.ts";
import { deliveredBytes } from "../protocol/signing.ts";
import type { Verifier } from "../protocol/verifying.ts";
import { attestedBytes } from "./attestation.ts";
import {
  LineChain,
  readLine,
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
  #messages = 0;
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
    };
    return { ok: true, summary };
  }

  /** What is wrong with a line; null for nothing. */
  #check(line: TranscriptLine): string | null {
    if (this.#isEnded) return "it stands behind the end";
    if (line.kind === "head") return this.#begin(line.head);
    if (this.#head === null) return "a transcript begins with another line";
    if (line.kind === "foot") return this.#finish(this.#head, line.foot);
    if (line.after !== this.#chain.mark) return this.#broken();
    return line.kind === "missing"
      ? this.#hole(line.hole)
      : this.#message(this.#head, line);
  }

  #begin(head: TranscriptHead): string | null {
    if (this.#head !== null) return "it begins once more";
    this.#head = head;
    return null;
  }

  #message(
    { room }: TranscriptHead,
    { message, raw, seq }: Extract<TranscriptLine, { kind: "message" }>,
  ): string | null {
    if (message.room !== room) return "it is of another room";
    const { from, signature } = message;
    if (!this.#verifier.verify(from, signature, deliveredBytes(raw))) {
      return "its signature is not its author's: the text, or what else was signed, is not what the author wrote";
    }
    const again = this.#again(message);
    if (again !== null) return again;
    this.#authors.add(from);
    this.#messages++;
    return seq === undefined
      ? this.#lastSeq === undefined ? null : "it has no number, as others have"
      : this.#next(seq, seq);
  }

  /** The same message twice, or two with one nonce, of which a relay takes one alone. */
  #again({ from, id, nonce }: DeliveredMessage): string | null {
    for (
      const [seen, key, what] of [
        [this.#ids, `${from} ${id}`, "the same message stands"],
        [this.#nonces, `${from} ${nonce}`, "its nonce was used"],
      ] as const
    ) {
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
    if (before === undefined && this.#messages > 1) {
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
