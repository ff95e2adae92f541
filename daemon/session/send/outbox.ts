import type { Timer } from "../../../lib/clock.ts";
import { Failure } from "../../../lib/errors.ts";
import type { Logger } from "../../../lib/log.ts";
import { defined } from "../../../lib/defined.ts";
import type { NewSend } from "./new_send.ts";
import type { SendLedger } from "./send_ledger.ts";
import { accepted, SendOutcomes } from "./send_outcomes.ts";
import { nextDue } from "./next_due.ts";
import { SendAttempts, type SendAttemptsOptions } from "./send_attempts.ts";
import { type Entry, SendQueue, type Sent } from "./send_queue.ts";
import type { FileUploads } from "../files/file_uploads.ts";
import type { OwnMessages } from "./own_messages.ts";
import type { SendWay } from "./send_way.ts";

export interface OutboxOptions
  extends Omit<SendAttemptsOptions, "queue" | "outcomes"> {
  readonly ledger: SendLedger;
  readonly way: Pick<SendWay, "isOpen" | "handOver">;
  /** Told of each message that the relay took. */
  readonly own: Pick<OwnMessages, "accepted" | "others">;
  readonly files: Pick<FileUploads, "isReady" | "atRelay">;
  readonly queueForMs: number;
  readonly log: Logger;
}

const MOST_QUEUED = 1_000;

/**
 * Messages on their way out, in the order in which they were made, one at a time; what there is no connection for is
 * kept on disk. One whose outcome is unknown is repeated on a relay with `ack` alone: another would deliver it twice.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #queue: SendQueue;
  readonly #outcomes: SendOutcomes;
  readonly #attempts: SendAttempts;
  #pumping = false;
  #pumped = Promise.resolve();
  #again = false;
  /** Monotonic time at which the last pass began. */
  #passAt = 0;
  #closed = false;
  #timer: Timer | undefined;

  /** Takes up what an earlier run left. @throws Failure FILE_TROUBLE */
  constructor(options: OutboxOptions) {
    this.#options = options;
    const oldest = options.clock.wall() - options.queueForMs;
    const waiting = options.ledger.open()
      .filter((send) => send.status === "queued" || send.createdAt >= oldest);
    const { own, clock, queueForMs, log } = options;
    const queue = new SendQueue(options.ledger, waiting);
    this.#queue = queue;
    this.#outcomes = new SendOutcomes({ queue, own, clock, queueForMs, log });
    const outcomes = this.#outcomes;
    this.#attempts = new SendAttempts({ ...options, queue, outcomes });
  }

  get queued(): number {
    return this.#queue.queued;
  }

  /** Sends given up or refused since the start. */
  get failed(): number {
    return this.#outcomes.failed;
  }

  /** Whether a message of this id is on its way. */
  isOpen(id: string): boolean {
    return this.#queue.find(id) !== undefined;
  }

  /**
   * Sends now, or keeps for later. Rejects with the relay's refusal, QUEUE_FULL or FILE_TROUBLE. The same send again
   * while it is on its way joins the one that is.
   */
  send(send: NewSend): Promise<Sent> {
    const entry = this.#queue.find(send.id) ?? this.#add(send);
    const sent = this.#queue.wait(entry);
    this.wake();
    return sent;
  }

  /** Tries what can be tried: called when a connection or a room is there again. @returns when all of it was tried */
  wake(): Promise<void> {
    if (this.#pumping) this.#again = true;
    else if (!this.#closed) {
      this.#pumped = this.#pump().catch((error) => this.#broke(error));
    }
    return this.#pumped;
  }

  /**
   * The relay has the message after all: its late word, or its history, says so. Only of one whose outcome is unknown
   * is that believed.
   *
   * @returns whether there was such a one. @throws Failure FILE_TROUBLE
   */
  confirm(id: string, seq: number | undefined): boolean {
    const open = this.#queue.find(id);
    if (open === undefined) {
      if (this.#options.ledger.unknown(id) === undefined) return false;
      this.#options.ledger.settle(id, accepted(seq));
      return true;
    }
    if (open.inFlight || open.send.status !== "unknown") return false;
    this.#outcomes.accept(open, defined({ seq }));
    return true;
  }

  /** The room was left: what waited for it is not sent. @returns how many */
  left(room: string): number {
    const waiting = this.#queue.entries.filter((entry) =>
      entry.send.room === room && !entry.inFlight
    );
    for (const entry of waiting) {
      if (entry.send.status === "unknown") this.#outcomes.rest(entry);
      else {
        const failure = new Failure("NOT_IN_ROOM", { fields: { room } });
        this.#outcomes.refuse(
          entry,
          "the room was left before it was sent",
          failure,
        );
      }
    }
    return waiting.filter(({ send }) => send.status === "failed").length;
  }

  /** Ends without touching what waits. */
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#queue.close();
  }

  #add(send: NewSend): Entry {
    if (this.queued >= MOST_QUEUED) {
      throw new Failure("QUEUE_FULL", { fields: { count: MOST_QUEUED } });
    }
    const { clock, ledger } = this.#options;
    const createdAt = clock.wall();
    // One that an earlier try may have brought to the relay stays unknown until it is known.
    const status = ledger.unknown(send.id) === undefined ? "queued" : "unknown";
    const onFile = this.#options.way.isOpen(send.room) ? "unknown" : status;
    return this.#queue.add({ ...send, createdAt, status }, onFile);
  }

  #broke(error: unknown): void {
    const failure = Failure.from(error);
    this.#options.log.error("outbox broke", { reason: failure.message });
    for (const entry of this.#queue.entries) this.#queue.reject(entry, failure);
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    try {
      do {
        this.#again = false;
        await this.#pass();
      } while (this.#again && !this.#closed);
    } finally {
      this.#pumping = false;
    }
    this.#schedule();
  }

  /** Once through the line; what is behind one that waits in its room waits too. */
  async #pass(): Promise<void> {
    this.#passAt = this.#options.clock.monotonic();
    const blocked = new Set<string>();
    for (const entry of [...this.#queue.entries]) {
      if (this.#closed) return;
      if (!this.#queue.has(entry)) continue;
      const { room } = entry.send;
      if (this.#isTooOld(entry)) this.#outcomes.giveUp(entry);
      else if (this.#isUnrepeatable(entry)) this.#outcomes.rest(entry);
      else if (blocked.has(room) || !this.#isReady(entry)) {
        blocked.add(room);
        this.#outcomes.keep(entry);
      } else if (!await this.#attempts.make(entry)) blocked.add(room);
    }
  }

  #isReady(entry: Entry): boolean {
    if (entry.notBefore > this.#options.clock.monotonic()) return false;
    const { way, files } = this.#options;
    return way.isOpen(entry.send.room) && files.isReady(entry.send);
  }

  /** Of unknown outcome on a relay that might deliver it twice. */
  #isUnrepeatable({ send }: Entry): boolean {
    const connection = this.#options.reconnect.connection;
    return send.status === "unknown" && connection !== undefined &&
      !connection.features.has("ack");
  }

  #isTooOld({ send, waiter }: Entry): boolean {
    const { clock, queueForMs } = this.#options;
    return waiter === undefined &&
      clock.wall() - send.createdAt >= queueForMs;
  }

  /** Wakes for the next repetition, or the next one that is given up. */
  #schedule(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const { entries } = this.#queue;
    if (entries.length === 0 || this.#closed) return;
    const { clock, queueForMs } = this.#options;
    const now = {
      ...{ mono: clock.monotonic(), wall: clock.wall() },
      looked: this.#passAt,
    };
    const next = Math.max(10, nextDue(entries, now, queueForMs));
    this.#timer = clock.after(next, () => this.wake());
  }
}
