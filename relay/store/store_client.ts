import type {
  RemovedOfRoom,
  StoreAnswer,
  StoreHealth,
  StoreReady,
  StoreRemoved,
  StoreRequest,
  StoreSays,
} from "./contract.ts";

/** The part of a MessagePort that is needed here. */
export interface StorePort {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

export interface StoreClientOptions {
  /** Called with the `ready` of each worker: the first, and those started in its place. */
  readonly onReady: (ready: StoreReady) => void;
  /** The answers of one commit or of some reads; each token once. */
  readonly onAnswers: (answers: readonly StoreAnswer[]) => void;
  readonly onRemoved: (rooms: readonly RemovedOfRoom[]) => void;
}

interface Pending {
  readonly request: StoreRequest;
  /** Posted to an earlier worker, which may have committed it before it ended. */
  again: boolean;
}

/** The asker should stop taking frames in while more than this waits for answers, in characters. */
const HIGH_WATER = 8 * 2 ** 20;
/** What a request weighs beside its frame. */
const REQUEST_SIZE = 300;

/**
 * The socket worker's end of the store. What is posted within a turn of the event loop crosses as one message.
 * When the store's worker was started anew, what had no answer is posted again: writes are harmless twice.
 */
export class StoreClient {
  readonly #options: StoreClientOptions;
  readonly #pending = new Map<number, Pending>();
  #outgoing: StoreRequest[] = [];
  #port: StorePort | undefined;
  #isReady = false;
  #size = 0;

  constructor(options: StoreClientOptions) {
    this.#options = options;
  }

  /** The worker in use has opened its file, and can write to it as far as is known. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Requests without an answer. */
  get pending(): number {
    return this.#pending.size;
  }

  /** So much waits that no more frames should be taken in until answers come. */
  get full(): boolean {
    return this.#size > HIGH_WATER;
  }

  /** Takes the port to a worker that was just started, in place of any before it. */
  connect(port: StorePort): void {
    const earlier = this.#port;
    earlier?.close();
    this.#port = port;
    this.#isReady = false;
    port.onmessage = ({ data }) => this.#heard(port, data as StoreSays);
    this.#outgoing = [];
    for (const one of this.#pending.values()) {
      one.again = earlier !== undefined;
      this.#outgoing.push(one.request);
    }
    this.#flush();
  }

  /** Its token must not be in use. */
  send(request: StoreRequest): void {
    this.#pending.set(request.token, { request, again: false });
    this.#size += sizeOf(request);
    if (this.#outgoing.push(request) === 1) queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    const requests = this.#outgoing;
    if (requests.length === 0 || !this.#port) return;
    this.#outgoing = [];
    this.#port.postMessage(requests);
  }

  #heard(port: StorePort, says: StoreSays): void {
    if (port !== this.#port) return;
    if ("kind" in says) return this.#state(says);
    const answers: StoreAnswer[] = [];
    for (const answer of says) {
      const own = this.#settle(answer);
      if (own) answers.push(own);
    }
    if (answers.length > 0) this.#options.onAnswers(answers);
  }

  #state(says: StoreReady | StoreHealth | StoreRemoved): void {
    if (says.kind === "removed") return this.#options.onRemoved(says.rooms);
    this.#isReady = says.kind === "ready" || says.isUsable;
    if (says.kind === "ready") this.#options.onReady(says);
  }

  #settle(answer: StoreAnswer): StoreAnswer | undefined {
    const pending = this.#pending.get(answer.token);
    if (!pending) return undefined;
    this.#pending.delete(answer.token);
    this.#size -= sizeOf(pending.request);
    return pending.again ? asFirst(answer, pending.request) : answer;
  }
}

/** A message that the worker before had already stored is no duplicate to its asker, who never heard of it. */
function asFirst(answer: StoreAnswer, request: StoreRequest): StoreAnswer {
  const ours = answer.kind === "stored" && request.kind === "message" &&
    answer.received_at === request.received_at;
  if (!ours) return answer;
  const { duplicate: _, ...first } = answer;
  return first;
}

function sizeOf(request: StoreRequest): number {
  return REQUEST_SIZE + (request.kind === "message" ? request.frame.length : 0);
}
