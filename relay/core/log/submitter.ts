import type { Now } from "../events.ts";
import {
  BATCH,
  type CreateOp,
  type JoinOp,
  type LeaveOp,
  type MessageOp,
  type Op,
  type OpBatch,
} from "./op.ts";

/** What was not seen in the log by then is published again; harmless, since a batch counts once. */
const AGAIN_MS = 1_500;

/** What an agent waits for an answer to. */
export type Asked = MessageOp | CreateOp | JoinOp | LeaveOp;

interface Waiting {
  readonly op: Op;
  readonly bytes: number;
  /** Monotonic. */
  readonly since: number;
}

interface Flying {
  readonly batch: OpBatch;
  /** Monotonic, as are those of its op: when it was published first, and last. */
  readonly since: number;
  publishedAt: number;
}

export interface SubmitterOptions {
  readonly node: string;
  readonly boot: number;
  /** The version of the rules that are in force. */
  readonly rules: () => number;
  readonly publish: (batch: OpBatch) => void;
}

/** A relay's own ops on their way into the log: in order, in batches, one of them under way at a time. */
export class Submitter {
  readonly #options: SubmitterOptions;
  #boot: number;
  #n = 0;
  #waiting: Waiting[] = [];
  #bytes = 0;
  #flying: Flying | null = null;

  constructor(options: SubmitterOptions) {
    this.#options = options;
    this.#boot = options.boot;
  }

  get boot(): number {
    return this.#boot;
  }

  /** Ops and bytes of JSON that are not under way yet. */
  get waiting(): { readonly ops: number; readonly bytes: number } {
    return { ops: this.#waiting.length, bytes: this.#bytes };
  }

  submit(op: Op, now: Now): void {
    const bytes = sizeOf(op);
    this.#waiting.push({ op, bytes, since: now.mono });
    this.#bytes += bytes;
    this.#next(now);
  }

  /** A batch of this boot counts: the next may go. @returns how long it was under way; null where it was not */
  seen({ n }: OpBatch, now: Now): number | null {
    const flying = this.#flying;
    if (flying?.batch.n !== n) return null;
    this.#flying = null;
    this.#next(now);
    return now.mono - flying.since;
  }

  /** Publishes again what is not seen in the log. */
  tick(now: Now): void {
    const flying = this.#flying;
    if (flying === null || now.mono - flying.publishedAt < AGAIN_MS) return;
    flying.publishedAt = now.mono;
    this.#options.publish(flying.batch);
  }

  /** The connection to the log is another one: what was under way may be lost with the earlier. */
  again(now: Now): void {
    if (this.#flying === null) return;
    this.#flying.publishedAt = now.mono;
    this.#options.publish(this.#flying.batch);
  }

  /** Takes back what an agent asked for before then (monotonic) and is not under way: it is told, and may ask again. */
  takeOld(before: number): Asked[] {
    if ((this.#waiting[0]?.since ?? Infinity) >= before) return [];
    const old: Asked[] = [];
    this.#waiting = this.#waiting.filter(({ op, since }) => {
      if (since >= before || !isAsked(op)) return true;
      old.push(op);
      return false;
    });
    this.#bytes = this.#waiting.reduce((sum, { bytes }) => sum + bytes, 0);
    return old;
  }

  /** The boot is over, and all that was to be said in it. */
  reboot(boot: number): void {
    this.#boot = boot;
    this.#n = 0;
    this.#waiting = [];
    this.#bytes = 0;
    this.#flying = null;
  }

  #next(now: Now): void {
    if (this.#flying !== null || this.#waiting.length === 0) return;
    const taken = this.#waiting.splice(0, this.#fitting());
    this.#bytes -= taken.reduce((sum, { bytes }) => sum + bytes, 0);
    const batch: OpBatch = {
      v: this.#options.rules(),
      node: this.#options.node,
      boot: this.#boot,
      n: ++this.#n,
      at: Math.round(now.wall),
      ops: taken.map(({ op }) => op),
    };
    this.#flying = { batch, since: now.mono, publishedAt: now.mono };
    this.#options.publish(batch);
  }

  /** How many of those that wait go into one batch. */
  #fitting(): number {
    let count = 0;
    let bytes = 0;
    for (const one of this.#waiting) {
      bytes += one.bytes;
      if (count === BATCH.ops || (count > 0 && bytes > BATCH.bytes)) break;
      count++;
    }
    return count;
  }
}

function isAsked(op: Op): op is Asked {
  return op.op === "message" || op.op === "create" || op.op === "join" ||
    op.op === "leave" || op.op === "direct" || op.op === "direct_ack";
}

/** About what it takes as JSON: a frame's quotes are written with a stroke each. */
function sizeOf(op: Op): number {
  if (op.op === "direct_ack") {
    return 400 + 256 * (op.messages.length + op.knows.length);
  }
  return "frame" in op ? 400 + 2 * op.frame.length : 400;
}
