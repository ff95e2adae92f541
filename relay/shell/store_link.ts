import type {
  StoreAnswer,
  StoreReady,
  StoreRequest,
  StoreSays,
} from "../store/contract.ts";

/** The part of a MessagePort that is needed here. */
export interface StorePort {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

export interface StoreLinkOptions {
  readonly onReady: (ready: StoreReady) => void;
  readonly onAnswers: (answers: readonly StoreAnswer[]) => void;
}

/** The way to the store's worker: the requests of one turn go as one message. */
export class StoreLink {
  readonly #options: StoreLinkOptions;
  #port: StorePort | null = null;
  #isReady = false;
  #queue: StoreRequest[] = [];
  /** Tokens of requests without an answer. */
  readonly #open = new Set<number>();

  constructor(options: StoreLinkOptions) {
    this.#options = options;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** Takes a port to a store that has just been started; what the one before it left open has failed. */
  connect(port: StorePort): void {
    this.#port?.close();
    this.#port = port;
    this.#isReady = false;
    port.onmessage = (event) => this.#heard(port, event.data as StoreSays);
    this.#failOpen();
  }

  send(request: StoreRequest): void {
    this.#open.add(request.token);
    if (this.#queue.push(request) === 1) queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    const requests = this.#queue;
    this.#queue = [];
    if (this.#isReady) this.#port?.postMessage(requests);
    else this.#failOpen();
  }

  #heard(port: StorePort, says: StoreSays): void {
    if (port !== this.#port) return;
    if (!isAnswers(says)) {
      this.#isReady = true;
      return this.#options.onReady(says);
    }
    for (const { token } of says) this.#open.delete(token);
    this.#options.onAnswers(says);
  }

  #failOpen(): void {
    const answers = [...this.#open].map((token): StoreAnswer => ({
      kind: "failed",
      token,
      why: "storage",
      reason: "the store was started again",
    }));
    this.#open.clear();
    this.#queue = [];
    if (answers.length > 0) this.#options.onAnswers(answers);
  }
}

function isAnswers(says: StoreSays): says is readonly StoreAnswer[] {
  return Array.isArray(says);
}
