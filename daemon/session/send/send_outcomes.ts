import type { Clock } from "../../../lib/clock.ts";
import { Failure } from "../../../lib/errors.ts";
import type { Logger } from "../../../lib/log.ts";
import type { OwnMessages } from "./own_messages.ts";
import type { Entry, SendQueue, Sent } from "./send_queue.ts";

export interface SendOutcomesOptions {
  readonly queue: SendQueue;
  /** Told of each message that the relay took. */
  readonly own: Pick<OwnMessages, "accepted">;
  readonly clock: Clock;
  readonly queueForMs: number;
  readonly log: Logger;
}

/** What becomes of a send, for now or for good: in the queue, on disk, and for whoever waits for it. */
export class SendOutcomes {
  readonly #options: SendOutcomesOptions;
  /** Sends given up or refused since the start. */
  failed = 0;

  constructor(options: SendOutcomesOptions) {
    this.#options = options;
  }

  /** The relay has it. */
  accept(
    entry: Entry,
    { seq, others }: Pick<Sent, "seq" | "others">,
  ): void {
    this.#options.own.accepted(entry.send, seq);
    // Who is a member of a private room is to read it, there or not.
    const readers = entry.readers?.length ?? others;
    this.#options.queue.settle(entry, {
      ...accepted(seq),
      ...(readers === undefined ? {} : { others: readers }),
    });
    this.#options.queue.remove(entry);
    this.#options.queue.answer(entry, {
      ...accepted(seq),
      ...(others === undefined ? {} : { others }),
    });
  }

  /** Its outcome stays unknown: it is not repeated. */
  rest(entry: Entry): void {
    this.#options.queue.remove(entry);
    this.#options.queue.answer(entry, { status: "unknown" });
  }

  /** Its time is over. */
  giveUp(entry: Entry): void {
    if (entry.send.status === "unknown") {
      return this.#options.queue.remove(entry);
    }
    const seconds = Math.round(this.#options.queueForMs / 1000);
    this.refuse(entry, `not sent within ${seconds} s`);
  }

  /** Nobody waits for one that stays behind. */
  keep(entry: Entry): void {
    const { waiter, send } = entry;
    if (waiter === undefined) return;
    const isUnknown = send.status === "unknown";
    if (!isUnknown) this.#options.queue.settle(entry, { status: "queued" });
    this.#options.queue.answer(entry, {
      status: isUnknown ? "unknown" : "queued",
    });
  }

  /** It was not handed over, so it is what it was: kept, or unknown from an earlier try. */
  stays(entry: Entry, reason?: string): void {
    const { status } = entry.send;
    this.#options.queue.settle(entry, {
      status,
      ...(reason === undefined ? {} : { reason }),
    });
    this.keep(entry);
  }

  /**
   * It did not go onto the line: it is tried again as soon as there is another, and after so many milliseconds where it
   * is this one still, which nobody tells of when it has room again. @returns false, as {@link tryLater}
   */
  staysUntil(entry: Entry, ms: number): false {
    entry.lookAt = this.#options.clock.monotonic() + ms;
    this.stays(entry);
    return false;
  }

  /** It is tried again after so many milliseconds. @returns false: those behind it in its room wait too */
  tryLater(entry: Entry, ms: number, reason?: string): false {
    entry.notBefore = this.#options.clock.monotonic() + ms;
    this.stays(entry, reason);
    return false;
  }

  /** It is not sent. */
  refuse(entry: Entry, reason: string, failure?: Failure): void {
    const { id, room, status } = entry.send;
    this.#options.queue.remove(entry);
    if (status !== "unknown") {
      this.failed++;
      this.#options.queue.settle(entry, { status: "failed", reason });
    }
    this.#options.log.warn("send refused", { id, room });
    const told = failure ??
      new Failure("NOT_CONNECTED", { fields: { reason } });
    this.#options.queue.reject(entry, told);
  }
}

/** What is said of a send that the relay took. */
export function accepted(seq: number | undefined) {
  return {
    status: "accepted",
    ...(seq === undefined ? {} : { seq }),
  } as const;
}
