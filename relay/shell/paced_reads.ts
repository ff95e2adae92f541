import type {
  StoreAnswer,
  StoreRead,
  StoreRequest,
} from "../store/contract.ts";

/** Pages that are read at one time: each is up to 512 KB, made and passed on within one turn of the event loop. */
const AT_ONCE = 2;

/** Passes requests on to the store; of reads only a few at one time, so that pages never come in a heap. */
export class PacedReads {
  readonly #send: (request: StoreRequest) => void;
  readonly #reading = new Set<number>();
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
    for (const { token } of answers) this.#reading.delete(token);
    this.#goOn();
  }

  #goOn(): void {
    while (this.#reading.size < AT_ONCE) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#reading.add(next.token);
      this.#send(next);
    }
  }
}

function isRead(request: StoreRequest): request is StoreRead {
  return request.kind === "history" || request.kind === "rest_history";
}
