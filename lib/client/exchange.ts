import type { Clock, Timer } from "../clock.ts";
import { Failure } from "../errors.ts";
import type { ErrorFrame, RelayFrame } from "../protocol/frames.ts";
import type { Inbox } from "./inbox.ts";
import type { ReadyFrame } from "./outgoing.ts";
import type { Pings } from "./pings.ts";
import { relayFailure } from "./relay_failure.ts";

/** A frame to send and what is to be taken for its answer. */
export interface Question<T> {
  readonly frame: ReadyFrame;
  /** The answer that a frame holds, or undefined when it is none. */
  readonly match?: (frame: RelayFrame) => T | undefined;
  /** Send a ping right behind the frame, and take its pong for this answer (protocol.md section 4). */
  readonly receipt?: T;
  /** Milliseconds from handing over to OUTCOME_UNKNOWN. */
  readonly limitMs: number;
  /** For the wording of a refusal. */
  readonly room?: string;
  readonly signal?: AbortSignal;
}

export interface ExchangeOptions {
  readonly line: Pick<Inbox, "send">;
  readonly pings: Pings;
  readonly clock: Clock;
  /** Called as soon as a question has its outcome, before whoever asked sees it. */
  readonly settled: () => void;
}

interface Pending {
  offer(frame: RelayFrame): boolean;
  lost(): void;
}

/**
 * One question on the line at a time, and its answer. What names no question (an `error` without `ref`, a page of
 * rooms or history) is taken for an answer only when every ping sent before the question has its pong: else it
 * answers an earlier one that was given up.
 */
export class Exchange {
  readonly #options: ExchangeOptions;
  #pending: Pending | undefined;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  /**
   * Rejects with the relay's refusal, with NOT_CONNECTED when the frame was not handed over, with OUTCOME_UNKNOWN
   * when it was and no answer came, and with the signal's reason.
   */
  ask<T>(question: Question<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const pending = new PendingQuestion(question, {
        ...this.#options,
        resolve,
        reject,
        release: () => {
          this.#pending = undefined;
          this.#options.settled();
        },
      });
      this.#pending = pending;
      pending.start();
    });
  }

  /** Offers a frame that may be an answer; false when nobody waits for it. */
  offer(frame: RelayFrame): boolean {
    return this.#pending?.offer(frame) ?? false;
  }

  /** The line is gone: a frame that was handed over has no known outcome. */
  lost(): void {
    this.#pending?.lost();
  }
}

interface PendingOptions<T> extends ExchangeOptions {
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
  readonly release: () => void;
}

class PendingQuestion<T> implements Pending {
  readonly #question: Question<T>;
  readonly #options: PendingOptions<T>;
  /** Pings that went out before the question. */
  readonly #mark: number;
  #timer: Timer | undefined;
  #open = true;

  constructor(question: Question<T>, options: PendingOptions<T>) {
    this.#question = question;
    this.#options = options;
    this.#mark = options.pings.sent;
  }

  start(): void {
    const { frame, signal, limitMs, receipt } = this.#question;
    const { line, pings, clock } = this.#options;
    if (signal?.aborted) return this.#fail(signal.reason);
    signal?.addEventListener("abort", this.#abort, { once: true });
    this.#timer = clock.after(limitMs, () => this.#giveUp(unknown()));
    if (!line.send(frame.text)) return this.#fail(gone());
    if (receipt === undefined || !this.#open) return;
    pings.send(() => this.#succeed(receipt));
  }

  offer(frame: RelayFrame): boolean {
    if (frame.type === "error") return this.#offerError(frame);
    const named = frame.type !== "rooms.list.result" &&
      frame.type !== "room.history.result" &&
      frame.type !== "room.presence.result";
    if (!named && !this.#isInTurn()) return false;
    const answer = this.#question.match?.(frame);
    if (answer === undefined) return false;
    this.#succeed(answer);
    return true;
  }

  lost(): void {
    this.#fail(unknown());
  }

  #offerError(error: ErrorFrame): boolean {
    const { frame, room } = this.#question;
    const ours = error.ref === undefined
      ? this.#isInTurn()
      : error.ref === frame.ref;
    if (ours) this.#fail(relayFailure(error, room ? { room } : {}));
    return ours;
  }

  #isInTurn(): boolean {
    return this.#options.pings.answered >= this.#mark;
  }

  readonly #abort = () => this.#giveUp(this.#question.signal?.reason);

  /** The answer may still come: a ping marks where it ends, unless a receipt does already. */
  #giveUp(reason: unknown): void {
    if (this.#question.receipt === undefined) this.#options.pings.send();
    this.#fail(reason);
  }

  #succeed(value: T): void {
    this.#settle(() => this.#options.resolve(value));
  }

  #fail(reason: unknown): void {
    this.#settle(() => this.#options.reject(reason));
  }

  #settle(action: () => void): void {
    if (!this.#open) return;
    this.#open = false;
    this.#timer?.cancel();
    this.#question.signal?.removeEventListener("abort", this.#abort);
    this.#options.release();
    action();
  }
}

function unknown(): Failure {
  return new Failure("OUTCOME_UNKNOWN");
}

function gone(): Failure {
  return new Failure("NOT_CONNECTED", {
    fields: { reason: "the line is gone or clogged" },
  });
}
