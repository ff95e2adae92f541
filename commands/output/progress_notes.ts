import type { CliContext } from "../cli/cli_context.ts";
import { note } from "./answer.ts";

/** Between two words on how far it is; what takes less than one says nothing. Milliseconds. */
const EVERY_MS = 1_000;

/** Says on a terminal each second how far something is: how many, how much, how fast. */
export class ProgressNotes {
  readonly #context: CliContext;
  readonly #what: string;
  readonly #began: number;
  #next: number;

  /** @param what those that are counted are called. */
  constructor(context: CliContext, what: string) {
    this.#context = context;
    this.#what = what;
    this.#began = context.clock.monotonic();
    this.#next = this.#began + EVERY_MS;
  }

  /** So many are done, and so many bytes. */
  at(count: number, bytes: number): void {
    this.#tell(bytes, `${count} ${this.#what}, ${mb(bytes)}`);
  }

  /** So many bytes of all. */
  of(bytes: number, all: number): void {
    this.#tell(bytes, `${mb(bytes)} of ${mb(all)}`);
  }

  #tell(bytes: number, done: string): void {
    const { stderr, clock } = this.#context;
    const now = clock.monotonic();
    if (now < this.#next || !stderr.isTerminal) return;
    this.#next = now + EVERY_MS;
    const rate = bytes / (now - this.#began) * 1_000;
    note(this.#context, `${done}, ${mb(rate)}/s`);
  }
}

const mb = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`;
