import type { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import { pause } from "./crowd.ts";

/** How long a burst may take before what is missing counts as lost, in milliseconds. */
const BURST_MS = 60_000;

/**
 * Members of which one alone reads WebSocket frames, and the others count bytes: of what they cost, next to nothing is
 * theirs. They must all be due the same, and be quiet when they are handed over.
 */
export class CountedReaders {
  readonly #watcher: WebSocket;
  readonly #others: number;
  #frames = 0;
  #watchedBytes = 0;
  #bytes = 0;

  /** @param sockets at least two, open. */
  constructor([watcher, ...others]: readonly [WebSocket, ...WebSocket[]]) {
    this.#watcher = watcher;
    this.#others = others.length;
    watcher.on("message", () => this.#frames++);
    streamOf(watcher).on("data", ({ length }) => this.#watchedBytes += length);
    for (const other of others) {
      const stream = streamOf(other);
      stream.removeAllListeners("data");
      stream.on("data", ({ length }) => this.#bytes += length);
    }
  }

  /**
   * Lets frames be sent that each of them is due.
   *
   * @returns deliveries a second, from the first sending to the last byte.
   * @throws when some is missing after a minute.
   */
  async burst(frames: readonly string[], sender: WebSocket): Promise<number> {
    this.#frames = this.#watchedBytes = this.#bytes = 0;
    const from = performance.now();
    for (const frame of frames) sender.send(frame);
    while (!this.#have(frames.length)) {
      if (performance.now() - from > BURST_MS) {
        throw new Error(`${this.#frames} of ${frames.length} came`);
      }
      await pause(2);
    }
    const seconds = (performance.now() - from) / 1000;
    return frames.length * (1 + this.#others) / seconds;
  }

  #have(frames: number): boolean {
    return this.#watcher.readyState === OPEN && this.#frames >= frames &&
      this.#bytes >= this.#watchedBytes * this.#others;
  }
}

const OPEN = 1;

/** The connection under a WebSocket, which ws keeps to itself. */
function streamOf(socket: WebSocket): Socket {
  const { _socket } = socket as unknown as { readonly _socket: Socket };
  return _socket as Socket & {
    on(event: "data", listener: (bytes: Buffer) => void): Socket;
  };
}
