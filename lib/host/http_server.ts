import type { Clock } from "../clock.ts";
import type { Logger } from "../log.ts";
import { acceptLoop } from "./accept_loop.ts";
import { HttpConnection } from "./http_connection.ts";

export interface HttpServerOptions {
  readonly hostname: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly handler: (request: Request) => Promise<Response>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Connections at once; past them one that says nothing makes room for a new one. */
const MOST_CONNECTIONS = 256;

/**
 * HTTP/1.1 for callers on this host, one request a connection. It stands in for the runtime's own server, which ends
 * at the first connection that it can't accept and waits for ever for a caller that says nothing
 * (docs/architecture.md, "Choices").
 */
export class HttpServer {
  readonly #options: HttpServerOptions;
  readonly #listener: Deno.TcpListener;
  readonly #connections = new Set<HttpConnection>();
  readonly #idle: (() => void)[] = [];
  /** Connections whose answer is still to come. */
  #answering = 0;
  #isClosed = false;

  /** @throws an error of `Deno.errors` when it can't listen there. */
  constructor(options: HttpServerOptions) {
    this.#options = options;
    const { hostname, port, clock, log } = options;
    this.#listener = Deno.listen({ hostname, port });
    void acceptLoop({
      listener: this.#listener,
      take: (connection) => void this.#take(connection),
      makeRoom: () => this.#endOneSilent(),
      isClosed: () => this.#isClosed,
      clock,
      log,
    });
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  /** host:port, an IPv6 host in brackets. */
  get address(): string {
    const { hostname } = this.#options;
    const host = hostname.includes(":") ? `[${hostname}]` : hostname;
    return `${host}:${this.port}`;
  }

  /** Takes no more connections, ends those that say nothing, and returns when all others have their answer. */
  async shutdown(): Promise<void> {
    if (!this.#isClosed) this.#listener.close();
    this.#isClosed = true;
    while (this.#endOneSilent());
    if (this.#answering > 0) {
      await new Promise<void>((resolve) => this.#idle.push(resolve));
    }
    for (const connection of this.#connections) connection.close();
  }

  async #take(connection: Deno.Conn): Promise<void> {
    if (this.#connections.size >= MOST_CONNECTIONS && !this.#endOneSilent()) {
      return connection.close();
    }
    const { handler, clock, log } = this.#options;
    const one = new HttpConnection({
      connection,
      base: `http://${this.address}`,
      handler,
      clock,
      failed: (error) => {
        const reason = error instanceof Error ? error.message : String(error);
        log.error("request failed", { reason });
      },
    });
    this.#connections.add(one);
    this.#answering++;
    await one.serve();
    this.#answered();
    await one.linger();
    this.#connections.delete(one);
  }

  #answered(): void {
    if (--this.#answering > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** The one that has said nothing for longest. */
  #endOneSilent(): boolean {
    for (const connection of this.#connections) {
      if (!connection.isSilent) continue;
      this.#connections.delete(connection);
      connection.close();
      return true;
    }
    return false;
  }
}
