import type { Server } from "node:http";
import type { Clock, Timer } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";

export interface ListenerOptions {
  readonly server: Server;
  readonly hostname: string;
  /** 0 lets the system choose, once. */
  readonly port: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Turns of the loop's timers within which a connection that waits must have been accepted, in milliseconds. */
const DEAF_AFTER_MS = 500;
const SAY_AGAIN_MS = 60_000;

/**
 * The listening socket of a server, opened anew when it is deaf: the runtime's stops accepting for good, without a
 * word, at the first connection that it can't accept (docs/architecture.md, "Choices").
 */
export class Listener {
  readonly #options: ListenerOptions;
  #accepted = 0;
  #check: Timer | null = null;
  #isStopped = false;
  #reopened = 0;
  /** A flood that makes it deaf again and again is no reason to flood the log. */
  #silentUntil = -Infinity;

  constructor(options: ListenerOptions) {
    this.#options = options;
    options.server.on("connection", () => this.#accepted++);
  }

  /**
   * @returns the port.
   * @throws the system's error when it can't listen there.
   */
  async listen(): Promise<number> {
    const port = await this.#tryToListen();
    this.#options.server.on("error", (error) => {
      this.#options.log.error("listener failed", { reason: error.message });
    });
    return port;
  }

  /** Connections so far. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Takes no more connections. */
  stop(): void {
    this.#isStopped = true;
    this.#check?.cancel();
    this.#options.server.close();
  }

  /**
   * Somebody is connected and is not heard: unless that was the loop's slowness, the socket is opened anew. Where the
   * system chose the port, this thread may not listen on it by its number: a new one may.
   */
  unheard(): void {
    const mayReopen = this.#options.port !== 0;
    if (!mayReopen || this.#check !== null || this.#isStopped) return;
    const accepted = this.#accepted;
    this.#check = this.#options.clock.after(DEAF_AFTER_MS, () => {
      this.#check = null;
      if (this.#accepted === accepted) void this.#reopen();
    });
  }

  async #reopen(): Promise<void> {
    const { server, log, clock } = this.#options;
    this.#reopened++;
    const now = clock.monotonic();
    if (now >= this.#silentUntil) {
      log.error("the listener accepts nothing; it is opened anew", {
        times: this.#reopened,
      });
      this.#silentUntil = now + SAY_AGAIN_MS;
    }
    server.close();
    try {
      await this.#tryToListen();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.error("can't listen again yet", { reason });
    }
  }

  #tryToListen(): Promise<number> {
    const { server, hostname, port } = this.#options;
    return new Promise((resolve, reject) => {
      const failed = (error: Error) => {
        server.off("listening", listening);
        reject(error);
      };
      const listening = () => {
        server.off("error", failed);
        const address = server.address();
        const isNet = typeof address === "object" && address !== null;
        resolve(isNet ? address.port : port);
      };
      server.once("error", failed).once("listening", listening);
      server.listen(port, hostname);
    });
  }
}
