import type {
  StoreAnswer,
  StoreBatch,
  StoredBatch,
} from "../../store/contract.ts";
import type { EffectQueue } from "../effects.ts";
import type { Now } from "../events.ts";

/** A batch of the log on its way into the view. */
export interface ViewWrite {
  readonly batch: Omit<StoreBatch, "token" | "after">;
  /** How many ops it has. */
  readonly size: number;
  /** What the view decides of it changes nothing that the rules go by for messages: more of them may be applied before that. */
  readonly isMessages: boolean;
  readonly written: (answer: StoredBatch, now: Now) => void;
}

interface Waiting {
  readonly write: ViewWrite;
  readonly after: number;
  isRefused: boolean;
}

export interface ViewWritesEvents {
  /** The view did not take a batch, and why; null when it does again. */
  viewFault(reason: string | null): void;
  /** The view has something else than what was written to it. */
  viewLost(now: Now): void;
}

/**
 * So many ops may be on their way together. Batches of a burst are larger and go one at a time: while each waits, the
 * next of its relay grows, and few large ones cost all relays less than many small ones do.
 */
export const TOGETHER_OPS = 32;

/**
 * Batches on their way into the view, in the log's order: one at a time, but for messages behind messages, of which some
 * go together, so that they share a transaction and a way there and back. What the view refuses holds up what is behind
 * it, and all of it is tried again in order.
 */
export class ViewWrites {
  readonly #effects: EffectQueue;
  readonly #events: ViewWritesEvents;
  readonly #line: Waiting[] = [];
  /** Ops on their way. */
  #size = 0;
  /** The position of the last batch that was added. */
  #last = 0;

  constructor(effects: EffectQueue, events: ViewWritesEvents) {
    this.#effects = effects;
    this.#events = events;
  }

  /** @param position where the view stands. */
  restore(position: number): void {
    this.#last = position;
  }

  /** Nothing is on its way. */
  get isIdle(): boolean {
    return this.#line.length === 0;
  }

  /** Whether messages, so many, may be applied and written behind what is on its way. */
  takesMessages(count: number): boolean {
    const last = this.#line.at(-1);
    if (last === undefined) return true;
    return last.write.isMessages && !last.isRefused &&
      this.#size + count <= TOGETHER_OPS;
  }

  add(write: ViewWrite): void {
    const waiting = { write, after: this.#last, isRefused: false };
    this.#last = write.batch.position;
    this.#line.push(waiting);
    this.#size += write.size;
    this.#send(waiting);
  }

  /** Tries again what was refused, once all of it is back. */
  retry(): void {
    if (!this.#line.every(({ isRefused }) => isRefused)) return;
    for (const waiting of this.#line) {
      waiting.isRefused = false;
      this.#send(waiting);
    }
  }

  #send(waiting: Waiting): void {
    const { write: { batch }, after } = waiting;
    this.#effects.store(
      { ...batch, after },
      (answer, now) => this.#answered(waiting, answer, now),
    );
  }

  #answered(waiting: Waiting, answer: StoreAnswer, now: Now): void {
    const isFirst = waiting === this.#line[0];
    if (answer.kind === "batch_stored" && isFirst) {
      this.#line.shift();
      this.#size -= waiting.write.size;
      this.#events.viewFault(null);
      return waiting.write.written(answer, now);
    }
    waiting.isRefused = true;
    if (!isFirst) return;
    const isLost = answer.kind === "failed" && answer.why === "place";
    if (isLost) this.#events.viewLost(now);
    else this.#events.viewFault(reasonOf(answer));
  }
}

function reasonOf(answer: StoreAnswer): string {
  return answer.kind === "failed" ? answer.reason : "it answered otherwise";
}
