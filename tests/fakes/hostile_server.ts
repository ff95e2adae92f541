import type { Behaviour } from "./hostile_behaviour.ts";

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
