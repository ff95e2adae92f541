import type { Clock, Timer } from "../../lib/clock.ts";
import type { StoreAnswer, StoreRead } from "./contract.ts";

/** Reads follow one another for so long before writes get a turn. */
const TURN_MS = 8;

export interface ReadQueueOptions {
  readonly clock: Clock;
  readonly page: (read: StoreRead) => StoreAnswer;
  readonly answer: (answers: readonly StoreAnswer[]) => void;
  /** How far the writes have come. */
  readonly writes: {
    readonly added: number;
    readonly answered: number;
    readonly locked: boolean;
  };
}

interface Waiting {
  readonly read: StoreRead;
  /** Writes that came before it. */
  readonly after: number;
}

/**
 * Serves reads in order, each once the writes before it are answered, so that an asker reads what it wrote. A
 * locked database keeps nobody from reading: SQLite's log lets readers go on.
 */
export class ReadQueue {
  readonly #options: ReadQueueOptions;
  #waiting: Waiting[] = [];
  #timer: Timer | undefined;

  constructor(options: ReadQueueOptions) {
    this.#options = options;
  }

  add(read: StoreRead): void {
    this.#waiting.push({ read, after: this.#options.writes.added });
  }

  /** Answers what may be answered now; goes on in a later turn when that takes long. */
  serve(): void {
    if (this.#waiting.length === 0) return;
    const { clock } = this.#options;
    const end = clock.monotonic() + TURN_MS;
    const answers = this.#serveWhile(() => clock.monotonic() < end);
    if (answers > 0 && this.#mayServe()) {
      this.#timer ??= clock.after(0, () => {
        this.#timer = undefined;
        this.serve();
      });
    }
  }

  /** Answers all that waits. */
  finish(): void {
    this.#timer?.cancel();
    this.#serveWhile(() => true);
  }

  #serveWhile(goOn: () => boolean): number {
    const answers: StoreAnswer[] = [];
    let next = this.#waiting[0];
    while (next && this.#mayServe(next) && (answers.length === 0 || goOn())) {
      answers.push(this.#options.page(next.read));
      next = this.#waiting[answers.length];
    }
    this.#waiting.splice(0, answers.length);
    if (answers.length > 0) this.#options.answer(answers);
    return answers.length;
  }

  #mayServe(next = this.#waiting[0]): boolean {
    const { answered, locked } = this.#options.writes;
    return next !== undefined && (locked || next.after <= answered);
  }
}
