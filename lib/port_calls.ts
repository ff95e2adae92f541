/** The part of a MessagePort that is needed here. */
export interface CallPort {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown, transfer: Transferable[]): void;
  close(): void;
}

/** A question before it has its number. */
export type WithoutCall<T> = T extends unknown ? Omit<T, "call"> : never;

interface Asked<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

interface Call {
  readonly call: number;
}

/** Questions to another worker, each answered by its number. */
export class PortCalls<Question extends Call, Answer extends Call> {
  #port: CallPort | null = null;
  readonly #asked = new Map<number, Asked<Answer>>();
  #last = 0;

  /** The port to a worker that was just started, in place of any before it: what had no answer fails with the reason. */
  connect(port: CallPort, reason: string): void {
    this.leave(reason);
    this.#port = port;
    port.onmessage = ({ data }) => this.#heard(data as Answer);
  }

  /** Nobody is there to answer any more. */
  leave(reason: string): void {
    this.#port?.close();
    this.#port = null;
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    for (const { reject } of asked) reject(new Error(reason));
  }

  /** @throws Error where nobody is there, or no more before it was answered. */
  ask(
    question: WithoutCall<Question>,
    transfer: Transferable[] = [],
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#port === null) {
        return reject(new Error("no connection to be asked over yet"));
      }
      const call = ++this.#last;
      this.#asked.set(call, { resolve, reject });
      this.#port.postMessage({ ...question, call }, transfer);
    });
  }

  #heard(answer: Answer): void {
    const asked = this.#asked.get(answer.call);
    this.#asked.delete(answer.call);
    asked?.resolve(answer);
  }
}
