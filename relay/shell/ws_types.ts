// The part of npm:ws 8 that the relay uses; the package has no types of its own.
import type { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

export declare class WebSocket {
  readonly readyState: number;
  readonly isPaused: boolean;
  on(
    event: "message",
    listener: (data: Buffer, isBinary: boolean) => void,
  ): this;
  on(event: "ping", listener: (data: Buffer) => void): this;
  on(event: "error", listener: (error: Error) => void): this;
  on(event: "close", listener: () => void): this;
  pong(data: Buffer): void;
  pause(): void;
  resume(): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

export interface ServerOptions {
  noServer: true;
  path: string;
  maxPayload: number;
  maxFragments: number;
  maxBufferedChunks: number;
  perMessageDeflate: false;
  skipUTF8Validation: boolean;
  clientTracking: boolean;
  autoPong: boolean;
}

export declare class WebSocketServer {
  constructor(options: ServerOptions);
  on(
    event: "wsClientError",
    listener: (error: Error, socket: Duplex) => void,
  ): this;
  shouldHandle(request: IncomingMessage): boolean;
  handleUpgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    done: (socket: WebSocket) => void,
  ): void;
}
