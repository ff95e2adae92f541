/** What a hostile relay does to whoever connects. */
export type Behaviour =
  /** Answers nothing at all. */
  | "silent"
  /** Asks for a proof of 30 bits. */
  | "too hard"
  /** Asks for a proof of 24 bits, the most that is taken. */
  | "hard"
  /** Lets everybody in, and does what is asked. */
  | "tame"
  /** After the login, a frame over 1 MB. */
  | "large frame"
  /** After the login, one frame in pieces without end. */
  | "fragments"
  /** After the login, frames of wrong types and shapes, as fast as they go. */
  | "garbage"
  /** After the login, messages with a signature that is none, as fast as they go. */
  | "forged"
  /** After the login, frames of 700 KB, as fast as they go. */
  | "big frames";

/** A hostile relay on a thread of its own. */
export class HostileServer {
  readonly #worker: Worker;
  readonly port: number;
  /** How often somebody connected. */
  connections = 0;

  private constructor(worker: Worker, port: number) {
    this.#worker = worker;
    this.port = port;
    worker.onmessage = ({ data }) => {
      this.connections = data.connections;
    };
  }

  static async open(): Promise<HostileServer> {
    const worker = new Worker(
      new URL("./hostile_server_worker.ts", import.meta.url),
      { type: "module" },
    );
    const port = await new Promise<number>((resolve) => {
      worker.onmessage = ({ data }) => resolve(data.port);
    });
    return new HostileServer(worker, port);
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/v1/ws`;
  }

  /** Cuts everybody off, and behaves so from the next connection on. */
  behave(behaviour: Behaviour): void {
    this.#worker.postMessage(behaviour);
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}
