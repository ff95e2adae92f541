import type { Buffer } from "node:buffer";
import { createConnection, type Socket } from "node:net";
import { WebSocket } from "ws";

/** A connection whose bytes are heard as they are, by whoever counts them. */
export class RawLine {
  readonly #stream: Socket;
  onBytes: (chunk: Buffer) => void = () => {};

  /** @param stream quiet, and heard by nobody from now on. */
  constructor(stream: Socket) {
    stream.removeAllListeners("data");
    stream.on("data", (chunk: Buffer) => this.onBytes(chunk));
    this.#stream = stream;
  }

  /** The connection under an open WebSocket, which ws keeps to itself. */
  static under(socket: WebSocket): RawLine {
    const { _socket } = socket as unknown as { readonly _socket: Socket };
    return new RawLine(_socket);
  }

  /** A WebSocket of a server that wants nothing but that. */
  static async dial(url: string): Promise<RawLine> {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    await new Promise<void>((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    return RawLine.under(socket);
  }

  /** A connection without a WebSocket. */
  static async connect(url: string): Promise<RawLine> {
    const stream = createConnection(Number(new URL(url).port), "127.0.0.1");
    await new Promise<void>((resolve, reject) => {
      stream.once("connect", resolve);
      stream.once("error", reject);
    });
    stream.setNoDelay(true);
    return new RawLine(stream);
  }

  write(bytes: Buffer): void {
    this.#stream.write(bytes);
  }

  end(): void {
    this.#stream.destroy();
  }
}
