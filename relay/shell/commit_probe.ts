import type { StoreAnswer, StoreRequest } from "../store/contract.ts";

/** How long writes take from being handed to the store until they are on disk, by looking at one at a time. */
export class CommitProbe {
  readonly #onTime: (seconds: number) => void;
  readonly #now: () => number;
  #token: number | null = null;
  #since = 0;

  /** @param options.now monotonic milliseconds */
  constructor(
    options: {
      readonly onTime: (seconds: number) => void;
      readonly now: () => number;
    },
  ) {
    this.#onTime = options.onTime;
    this.#now = options.now;
  }

  asked(request: StoreRequest): void {
    if (this.#token !== null) return;
    if (request.kind !== "message" && request.kind !== "batch") return;
    this.#token = request.token;
    this.#since = this.#now();
  }

  answered(answers: readonly StoreAnswer[]): void {
    const wanted = this.#token;
    if (wanted === null) return;
    if (!answers.some(({ token }) => token === wanted)) return;
    this.#token = null;
    this.#onTime((this.#now() - this.#since) / 1_000);
  }
}
