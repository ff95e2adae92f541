import { type Clock, sleep } from "../clock.ts";
import type { Logger } from "../log.ts";

/** The part of `Deno.serve`'s server that is made use of. */
export type RunningServer = Pick<
  Deno.HttpServer<Deno.NetAddr>,
  "addr" | "finished" | "shutdown"
>;

export interface LastingServerOptions {
  readonly hostname: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly handler: (request: Request) => Promise<Response>;
  readonly clock: Clock;
  readonly log: Logger;
  /** It may not listen there again, as on a port that the system chose under a list of permissions. */
  readonly lost: () => void;
  /** Default: the runtime's own server. */
  readonly listen?: (at: Address, handler: Handler) => RunningServer;
}

type Handler = LastingServerOptions["handler"];
type Address = Pick<LastingServerOptions, "hostname" | "port">;

/** From the end of a listener to the next try to listen; milliseconds. */
const AGAIN_MS = 250;

/**
 * The runtime's HTTP server, which listens again: it ends at the first connection that it can't accept
 * (docs/architecture.md, "Choices").
 */
export class LastingServer {
  readonly #options: LastingServerOptions;
  readonly #stopping = new AbortController();
  readonly port: number;
  #server: RunningServer;

  /** @throws an error of `Deno.errors` when it can't listen there. */
  constructor(options: LastingServerOptions) {
    this.#options = options;
    this.#server = this.#listen(options.port);
    this.port = this.#server.addr.port;
    void this.#last();
  }

  /** host:port, an IPv6 host in brackets. */
  get address(): string {
    const { hostname } = this.#options;
    const host = hostname.includes(":") ? `[${hostname}]` : hostname;
    return `${host}:${this.port}`;
  }

  /** Takes no more requests, and resolves when those that came have their answer. */
  async shutdown(): Promise<void> {
    this.#stopping.abort();
    await this.#server.shutdown();
  }

  #listen(port: number): RunningServer {
    const { hostname, handler, log, listen } = this.#options;
    if (listen !== undefined) return listen({ hostname, port }, handler);
    return Deno.serve({
      ...{ hostname, port, onListen: () => undefined },
      onError: (error) => {
        log.error("request failed", { reason: reasonOf(error) });
        return new Response("internal error\n", { status: 500 });
      },
    }, handler);
  }

  async #last(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        return await this.#server.finished;
      } catch (error) {
        if (signal.aborted) return;
        const reason = reasonOf(error);
        this.#options.log.warn("can't accept connections", { reason });
        await this.#listenAgain(signal);
      }
    }
  }

  async #listenAgain(signal: AbortSignal): Promise<void> {
    const { clock, log, lost } = this.#options;
    while (!signal.aborted) {
      try {
        await sleep(clock, AGAIN_MS, signal);
        this.#server = this.#listen(this.port);
        return;
      } catch (error) {
        if (signal.aborted) return;
        log.debug("can't listen yet", { reason: reasonOf(error) });
        if (error instanceof Deno.errors.NotCapable) {
          this.#stopping.abort();
          return lost();
        }
      }
    }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
