import { Buffer } from "node:buffer";
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import { socketsBeside } from "./descriptors.ts";
import { Listener } from "./listener.ts";
import type { ListenerNews } from "./worker_messages.ts";
import { type FairTurns, payerOf } from "./fair_turns.ts";
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
  /** Sockets of all kinds, in all and from one address that is no trusted proxy. */
  sockets: 24_000,
  socketsPerAddress: 12_000,
} as const;

/** Sockets past which they are many, and down to which they are again few. */
const MANY_SOCKETS = 32;
const FEW_SOCKETS = 16;
/** From saying that it is full to saying so again. */
const SAY_AGAIN_MS = 60_000;

export interface HttpFrontOptions {
  readonly hostname: string;
  readonly port: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** Sockets that the process has descriptors for. */
  readonly mostSockets: number;
  /** There came to be many sockets, or few again; said first when it listens. */
  readonly crowded: (isCrowded: boolean) => void;
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
  #mostSockets: number;
  #isCrowded = false;
  /** What makes HTTP of a connection. */
  readonly #serve: (connection: Duplex) => void;
  readonly #sockets = new Set<Socket>();
  readonly #byAddress = new Map<string, number>();
  /** A flood is no reason to flood the log. */
  #silentUntil = -Infinity;

  constructor(options: HttpFrontOptions) {
    this.#options = options;
    this.#mostSockets = this.#promised();
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
    this.#options.crowded(this.#isCrowded);
    return this.#listener.listen();
  }

  /** Takes no more connections. */
  stopListening(): void {
    this.#listener.stop();
  }

  /** What the keeper found at the relay's own address. A limit that nobody could tell is learned by running into it. */
  listener(news: ListenerNews): void {
    if (news.kind === "unheard") return this.#listener.unheard();
    const { descriptors } = news;
    const room = descriptors === null
      ? Infinity
      : socketsBeside(this.#sockets.size, descriptors);
    const most = Math.min(room, this.#promised());
    const { log } = this.#options;
    if (news.kind === "spare" && most < this.#mostSockets) {
      log.warn("fewer connections are taken from now on", { most });
    } else if (news.kind === "spare_again" && most > this.#mostSockets) {
      log.info("more connections are taken again", { most });
    } else return;
    this.#mostSockets = most;
  }

  /** Sockets that are taken while descriptors suffice. */
  #promised(): number {
    return Math.min(HTTP.sockets, this.#options.mostSockets);
  }

  /** Ends every socket that is left. */
  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
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
    if (!this.#mayStay(address)) {
      this.#tellFull();
      return void socket.destroy();
    }
    this.#sockets.add(socket);
    this.#lookAtCrowd();
    this.#count(address, 1);
    socket.setNoDelay(true);
    socket.on("close", () => {
      this.#sockets.delete(socket);
      this.#lookAtCrowd();
      this.#count(address, -1);
    });
    const payer = payerOf(address ?? socket.remoteAddress ?? "");
    const { turns } = this.#options;
    this.#serve(new RequestGate(socket, { payer, turns }));
  }

  #lookAtCrowd(): void {
    const { size } = this.#sockets;
    const isOther = this.#isCrowded ? size <= FEW_SOCKETS : size > MANY_SOCKETS;
    if (!isOther) return;
    this.#isCrowded = !this.#isCrowded;
    this.#options.crowded(this.#isCrowded);
  }

  #mayStay(address: string | null): boolean {
    const ofAddress = address === null ? 0 : this.#byAddress.get(address) ?? 0;
    return this.#sockets.size < this.#mostSockets &&
      ofAddress < HTTP.socketsPerAddress;
  }

  #tellFull(): void {
    const { clock, log } = this.#options;
    const most = this.#mostSockets;
    const now = clock.monotonic();
    if (this.#sockets.size < most || now < this.#silentUntil) return;
    this.#silentUntil = now + SAY_AGAIN_MS;
    log.warn("all connections are taken; more are refused", { most });
  }

  #count(address: string | null, change: number): void {
    if (address === null) return;
    const count = (this.#byAddress.get(address) ?? 0) + change;
    if (count > 0) this.#byAddress.set(address, count);
    else this.#byAddress.delete(address);
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
