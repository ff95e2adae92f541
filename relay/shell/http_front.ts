import { Buffer } from "node:buffer";
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type FairTurns, payerOf } from "./fair_turns.ts";
import { Listener } from "./listener.ts";
import { OpenSockets, type OpenSocketsOptions } from "./open_sockets.ts";
import type { ListenerNews } from "./worker_messages.ts";
import { RequestGate } from "./request_gate.ts";
import type { RestBytes } from "./rest_answer.ts";

/** Bounds of what arrives before a WebSocket or an answer, which cut a slow or greedy stranger. */
export const HTTP = {
  /** From connecting, or from the last answer, to the whole head of a request. */
  headersMs: 10_000,
  /** To the whole request. */
  requestMs: 10_000,
  idleMs: 5_000,
  checkMs: 1_000,
  headerBytes: 8_192,
  headers: 64,
  /** Requests of one connection; the answer to the last one says that it ends. */
  requests: 1_000,
  /** From an answer's head to its last byte, however slowly the client takes it. */
  answerMs: 30_000,
} as const;

export interface HttpFrontOptions extends OpenSocketsOptions {
  readonly hostname: string;
  readonly port: number;
  /** What a socket's own address counts as; null for a trusted proxy, which speaks for many. */
  readonly countAs: (remote: string) => string | null;
  /** Takes over a socket that asks for a WebSocket. */
  readonly onUpgrade: (
    request: IncomingMessage,
    socket: Duplex,
    head: Uint8Array,
  ) => void;
  readonly onRequest: (request: IncomingMessage) => Promise<RestBytes>;
  /** Where requests get their share of the event loop. */
  readonly turns: FairTurns;
}

/** The listening HTTP server: bounded heads, bodies, times and sockets. */
export class HttpFront {
  readonly #options: HttpFrontOptions;
  readonly #server: Server;
  readonly #listener: Listener;
  readonly #sockets: OpenSockets;
  /** What makes HTTP of a connection. */
  readonly #serve: (connection: Duplex) => void;

  constructor(options: HttpFrontOptions) {
    this.#options = options;
    this.#sockets = new OpenSockets(options);
    this.#server = createServer({
      headersTimeout: HTTP.headersMs,
      requestTimeout: HTTP.requestMs,
      keepAliveTimeout: HTTP.idleMs,
      connectionsCheckingInterval: HTTP.checkMs,
      maxHeaderSize: HTTP.headerBytes,
    }, (request, response) => void this.#answer(request, response));
    this.#server.maxHeadersCount = HTTP.headers;
    this.#server.maxRequestsPerSocket = HTTP.requests;
    this.#serve = takeServing(this.#server);
    this.#listener = new Listener({ ...options, server: this.#server });
    this.#server.on("connection", (socket) => this.#connected(socket));
    this.#server.on("clientError", (_error, socket) => socket.destroy());
    this.#server.on("upgrade", (request, gate, head) => {
      const { socket, rest } = (gate as RequestGate).leave();
      options.onUpgrade(request, socket, Buffer.concat([head, rest]));
      socket.resume();
    });
  }

  /** @returns the port, which the system chose when 0 was asked for. */
  listen(): Promise<number> {
    this.#sockets.tellCrowd();
    return this.#listener.listen();
  }

  /** Takes no more connections. */
  stopListening(): void {
    this.#listener.stop();
  }

  /** What the keeper found at the relay's own address. */
  listener(news: ListenerNews): void {
    if (news.kind === "unheard") this.#listener.unheard();
    else this.#sockets.descriptors(news);
  }

  /** Ends every socket that is left. */
  destroy(): void {
    this.#sockets.destroy();
  }

  /** Connections that came so far. */
  get accepted(): number {
    return this.#listener.accepted;
  }

  get sockets(): number {
    return this.#sockets.size;
  }

  #connected(socket: Socket): void {
    socket.on("error", () => socket.destroy());
    const address = this.#options.countAs(socket.remoteAddress ?? "");
    if (!this.#sockets.add(socket, address)) return void socket.destroy();
    socket.setNoDelay(true);
    const payer = payerOf(address ?? socket.remoteAddress ?? "");
    const { turns } = this.#options;
    this.#serve(new RequestGate(socket, { payer, turns }));
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const gate = request.socket as unknown as RequestGate;
    gate.began();
    response.on("error", () => response.destroy());
    const late = setTimeout(() => gate.cut(), HTTP.answerMs);
    let left: (() => void) | undefined;
    response.on("close", () => {
      clearTimeout(late);
      left?.();
      gate.answered();
    });
    const requestId = crypto.randomUUID();
    response.setHeader("x-request-id", requestId);
    const began = performance.now();
    try {
      const answer = await this.#options.onRequest(request);
      left = answer.left;
      if (response.closed || response.destroyed) left?.();
      if (answer.takeOver === undefined) write(response, answer);
      else takeOver(gate, answer.takeOver, requestId);
      this.#options.log.debug("request", {
        request_id: requestId,
        method: request.method,
        path: pathOf(request),
        status: answer.status,
        ms: Math.round(performance.now() - began),
      });
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      this.#options.log.error("request failed", {
        request_id: requestId,
        path: pathOf(request),
        reason,
      });
      response.destroy();
    }
  }
}

/** Takes the server's own listener for connections off, so that a gate can be put between. */
function takeServing(server: Server): (connection: Duplex) => void {
  const listeners = server.listeners("connection");
  server.removeAllListeners("connection");
  return (connection) => {
    for (const listener of listeners) listener.call(server, connection);
  };
}

/** Refuses an upgrade in plain HTTP and ends the socket. */
export function refuseUpgrade(socket: Duplex, status: string): void {
  const text =
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
  socket.end(text, () => socket.destroy());
}

/** Without the query, and cut: what strangers ask for goes no further into the log. */
function pathOf(request: IncomingMessage): string {
  return (request.url ?? "").split("?", 1)[0]?.slice(0, 128) ?? "";
}

/** The connection leaves HTTP, which forgets of it. */
function takeOver(
  gate: RequestGate,
  take: NonNullable<RestBytes["takeOver"]>,
  requestId: string,
): void {
  if (gate.destroyed) return;
  const { socket, rest } = gate.leave();
  gate.destroy();
  take(socket, requestId, rest);
}

function write(response: ServerResponse, answer: RestBytes): void {
  response.writeHead(answer.status, {
    "content-type": answer.type,
    "content-length": answer.content.length,
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    ...answer.headers,
    ...(answer.retryAfter === undefined
      ? {}
      : { "retry-after": String(answer.retryAfter) }),
    ...(answer.status >= 400 ? { connection: "close" } : {}),
  });
  response.end(answer.content);
}
