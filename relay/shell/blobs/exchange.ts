import type { Socket } from "node:net";
import type { BlobClaim } from "../../../lib/blobs/blob_token.ts";
import { Failure } from "../../../lib/errors.ts";
import type { Logger } from "../../../lib/log.ts";
import type { BlobRefusal } from "../../core/edge/blob_replies.ts";
import type { BlobAsk } from "../../core/edge/blob_requests.ts";
import type { BlobClient } from "./blob_client.ts";
import { LastAnswer } from "./last_answer.ts";
import { failureAnswer, type RawAnswer, refusalAnswer } from "./raw_answer.ts";

/** Bounds of a file on its way. Milliseconds, bytes. */
export const EXCHANGE = {
  /** Without a byte that came from the other end, or was taken by it. */
  idleMs: 15_000,
  /** Where it is the relay's own disk or log that is waited for. */
  ownMs: 60_000,
  /** In all: so long, and a second for so many bytes; not longer than a place is held for a file. */
  baseMs: 30_000,
  bytesPerSecond: 16_384,
  mostMs: 25 * 60_000,
} as const;

/** What is answered again where the disk failed, in milliseconds. */
const STORAGE_WAIT_MS = 10_000;

export interface ExchangeParts {
  readonly files: BlobClient;
  readonly ask: (ask: BlobAsk) => void;
  readonly log: Logger;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Counts an answer. */
  readonly answered: (status: number) => void;
}

/** Whose request it is, and what it says. */
export interface Asked {
  readonly claim: BlobClaim;
  /** The limits' key. */
  readonly address: string;
  readonly requestId: string;
}

/** A connection that has left HTTP. */
export interface Way {
  readonly socket: Socket;
  /** Is called once, when the connection is gone. */
  readonly left: () => void;
}

/** One request of a file: what both ways share. Each ends its connection. */
export abstract class Exchange {
  protected readonly parts: ExchangeParts;
  protected readonly asked: Asked;
  protected readonly socket: Socket;
  readonly #deadline: number;
  #progressAt: number;
  #isOver = false;
  #last: LastAnswer | null = null;

  constructor(parts: ExchangeParts, asked: Asked, { socket, left }: Way) {
    this.parts = parts;
    this.asked = asked;
    this.socket = socket;
    const now = parts.now();
    const { baseMs, bytesPerSecond, mostMs } = EXCHANGE;
    const ms = baseMs + asked.claim.size / bytesPerSecond * 1000;
    this.#progressAt = now;
    this.#deadline = now + Math.min(ms, mostMs);
    socket.on("close", () => {
      if (!this.#isOver) this.cut();
      this.#isOver = true;
      left();
    });
  }

  /** Ends what takes too long; about once a second. */
  check(): void {
    const now = this.parts.now();
    this.#last?.check(now);
    if (this.#isOver) return;
    const { patienceMs } = this;
    if (now - this.#progressAt > patienceMs) {
      this.late(`nothing moved for ${patienceMs / 1000} s`);
    } else if (now > this.#deadline) this.late("it was too slow");
  }

  /** Ends it at once. */
  stop(): void {
    this.socket.destroy();
  }

  protected get isOver(): boolean {
    return this.#isOver;
  }

  /** Something moved. */
  protected moved(): void {
    this.#progressAt = this.parts.now();
  }

  /** How long nothing may move. */
  protected abstract get patienceMs(): number;

  /** What is under way is given up. */
  protected abstract cut(): void;

  /** It took too long. */
  protected abstract late(reason: string): void;

  /** Ends it with an answer. */
  protected answer(answer: RawAnswer): void {
    if (this.#isOver) return;
    this.over(answer.status);
    this.#last = new LastAnswer(this.socket, answer, this.parts.now());
  }

  protected refuse(refusal: BlobRefusal): void {
    this.answer(refusalAnswer(refusal));
  }

  /** Says why a file goes no further. */
  protected failed(
    code: "BLOB_MISMATCH" | "BLOB_CUT" | "BLOB_STORAGE" | "BLOB_NOT_FOUND",
    reason: string,
  ): void {
    const { log } = this.parts;
    const fields = { request_id: this.asked.requestId, code, reason };
    const isOurs = code === "BLOB_STORAGE";
    if (isOurs) log.warn("a file went no further", fields);
    else log.debug("a file went no further", fields);
    const wait = isOurs ? { retryAfterMs: STORAGE_WAIT_MS } : {};
    const failure = new Failure(code, { fields: { reason }, ...wait });
    this.answer(failureAnswer(failure));
  }

  /** What is to be done is done, or given up: nothing is under way any more. */
  protected over(status: number): void {
    this.#isOver = true;
    this.parts.answered(status);
    const { requestId, claim: { action, size } } = this.asked;
    const fields = { request_id: requestId, action, bytes: size, status };
    this.parts.log.debug("file", fields);
  }
}
