import type { CheckJob, CheckResult } from "../../checks/check_messages.ts";

/** The part of a MessagePort that is needed here. */
export interface CheckPort {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

/** A frame to be checked, and who waits for it: told once, in whatever order. */
export interface CheckTask extends CheckJob {
  readonly done: (result: CheckResult) => void;
}

/** What one worker may have before it: a few milliseconds of work, so that nobody's frame waits long behind others'. */
const MOST = { tasks: 128, chars: 262_144 } as const;
/** Without an answer for so long, a batch is checked here. */
const STALLED_MS = 1_000;

interface Batch {
  /** Null once they were taken back. */
  tasks: readonly CheckTask[] | null;
  readonly chars: number;
  /** Monotonic. */
  readonly since: number;
}

/** Batches that one worker has, answered in their order. */
export class CheckLane {
  readonly #port: CheckPort;
  readonly #batches: Batch[] = [];
  #tasks = 0;
  #chars = 0;

  constructor(port: CheckPort) {
    this.#port = port;
    port.onmessage = ({ data }) => this.#heard(data as readonly CheckResult[]);
  }

  /** Frames that it has. */
  get waiting(): number {
    return this.#tasks;
  }

  /** Whether it may be given more; not while it owes an answer that nobody waits for any more. */
  get hasRoom(): boolean {
    return this.#tasks < MOST.tasks && this.#chars < MOST.chars &&
      this.#batches[0]?.tasks !== null;
  }

  give(tasks: readonly CheckTask[], now: number): void {
    const chars = tasks.reduce((sum, { text }) => sum + text.length, 0);
    this.#batches.push({ tasks, chars, since: now });
    this.#tasks += tasks.length;
    this.#chars += chars;
    this.#port.postMessage(tasks.map(({ agent, text }) => ({ agent, text })));
  }

  /** Takes back what has waited for too long. @returns whether there was any */
  takeBack(now: number): boolean {
    const oldest = this.#batches.find(({ tasks }) => tasks !== null);
    if (oldest === undefined || now - oldest.since < STALLED_MS) return false;
    this.#giveUp();
    return true;
  }

  /** Nothing comes of it any more: all is taken back. */
  end(): void {
    this.#port.onmessage = null;
    this.#port.close();
    this.#giveUp();
  }

  #giveUp(): void {
    for (const batch of this.#batches) this.#settle(batch, null);
  }

  #heard(results: readonly CheckResult[]): void {
    const batch = this.#batches.shift();
    if (batch !== undefined) this.#settle(batch, results);
  }

  #settle(batch: Batch, results: readonly CheckResult[] | null): void {
    const { tasks, chars } = batch;
    if (tasks === null) return;
    batch.tasks = null;
    this.#tasks -= tasks.length;
    this.#chars -= chars;
    for (const [i, { done }] of tasks.entries()) {
      done(results?.[i] ?? UNCHECKED);
    }
  }
}

const UNCHECKED: CheckResult = { checked: null, ms: 0 };
