import type { Socket } from "node:net";
import { type RawAnswer, rawHead } from "./raw_answer.ts";

/** What is read and thrown away behind an answer that came early, so that it is read: bytes, milliseconds. */
const THROWN = { bytes: 32 * 2 ** 20, ms: 10_000 } as const;

/** The last that is said over a connection: then it ends, once the other end has read it. */
export class LastAnswer {
  readonly #socket: Socket;
  readonly #deadline: number;
  #thrown = 0;

  /** @param now monotonic milliseconds */
  constructor(
    socket: Socket,
    { status, headers, content }: RawAnswer,
    now: number,
  ) {
    this.#socket = socket;
    this.#deadline = now + THROWN.ms;
    socket.end(rawHead({ status, headers }) + content);
    // Were what still comes left unread, the other end would be reset before it reads the answer.
    socket.removeAllListeners("data");
    socket.on("data", (bytes) => this.#came(bytes.length));
    socket.on("end", () => void socket.destroy());
    socket.resume();
  }

  /** Ends it where the other end does not. */
  check(now: number): void {
    if (now > this.#deadline) this.#socket.resetAndDestroy();
  }

  stop(): void {
    this.#socket.destroy();
  }

  #came(bytes: number): void {
    this.#thrown += bytes;
    if (this.#thrown > THROWN.bytes) this.#socket.resetAndDestroy();
  }
}
