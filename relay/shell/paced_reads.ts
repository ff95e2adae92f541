import type {
  StoreAnswer,
  StoreRead,
  StoreRequest,
} from "../store/contract.ts";

/**
 * Passes requests on to the store; of reads one at a time, so that pages, of up to 512 KB each, never come in a heap:
 * between two of them sockets are looked at.
 */
export class PacedReads {
  readonly #send: (request: StoreRequest) => void;
  /** Token of the read under way. */
  #reading: number | null = null;
  #waiting: StoreRead[] = [];

  constructor(send: (request: StoreRequest) => void) {
    this.#send = send;
  }

  ask(request: StoreRequest): void {
    if (!isRead(request)) return this.#send(request);
    this.#waiting.push(request);
    this.#goOn();
  }

  answered(answers: readonly StoreAnswer[]): void {
    if (!answers.some(({ token }) => token === this.#reading)) return;
    this.#reading = null;
    this.#goOn();
  }

  #goOn(): void {
    if (this.#reading !== null) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#reading = next.token;
    this.#send(next);
  }
}

function isRead(request: StoreRequest): request is StoreRead {
  return request.kind === "history" || request.kind === "rest_history";
}
