import { type Clock, sleep } from "../../lib/clock.ts";
import {
  type ApiAddress,
  apiAddressText,
} from "../../lib/local_api/address.ts";
import { LastingServer } from "../../lib/host/lasting_server.ts";
import type { Logger } from "../../lib/log.ts";
import type { AgentApi } from "../../lib/local_api/agent_api.ts";
import { createApi } from "./api.ts";
import type { PageSessions } from "./page/page_sessions.ts";
import { hostsOf } from "./gate.ts";

export interface ApiServerOptions {
  readonly api: ApiAddress;
  readonly token: string;
  readonly pages: PageSessions;
  readonly clock: Clock;
  readonly log: Logger;
  /**
   * Whether another worker of this daemon had the address: then it is tried for {@link INSIST_MS}, and in the end any
   * free port is taken. Deno can't end a worker that computes without end, and such a one keeps its socket.
   */
  readonly insist: boolean;
  /** Whether nobody chose the port: where it was taken a moment ago, any free one does. */
  readonly isAnyPort?: boolean;
  /** Nothing listens any more, and can't from here. */
  readonly lost: () => void;
}

/** How listening went. */
export type Listening =
  | { readonly ok: true; readonly port: number }
  | { readonly ok: false; readonly reason: string; readonly isInUse: boolean };

type Handler = (request: Request) => Promise<Response>;

const INSIST_MS = 3_000;
const RETRY_MS = 250;
/** How long answers under way have at the end. */
const CLOSE_MS = 1_000;

/** The local API on its socket. */
export class ApiServer {
  readonly #options: ApiServerOptions;
  readonly #stopping = new AbortController();
  /** Requests that come before there is an agent wait for it. */
  readonly #handler = Promise.withResolvers<Handler>();
  #server: LastingServer | null = null;
  #bound: ApiAddress;

  constructor(options: ApiServerOptions) {
    this.#options = options;
    this.#bound = options.api;
  }

  /** `http://host:port` */
  get address(): string {
    return `http://${apiAddressText(this.#bound)}`;
  }

  async listen(): Promise<Listening> {
    const { api, clock, insist, isAnyPort } = this.#options;
    const until = clock.monotonic() + INSIST_MS;
    let listening = this.#tryToListen(api.port);
    if (!listening.ok && listening.isInUse && isAnyPort && !insist) {
      return this.#tryToListen(0);
    }
    while (!listening.ok && insist && !this.#isClosed) {
      if (clock.monotonic() >= until) return this.#listenElsewhere();
      await sleep(clock, RETRY_MS);
      listening = this.#tryToListen(api.port);
    }
    return listening;
  }

  #listenElsewhere(): Listening {
    const listening = this.#tryToListen(0);
    if (listening.ok) {
      this.#options.log.error(
        "the worker before still has the API's port; this one has another until the daemon is started again",
        { port: listening.port },
      );
    }
    return listening;
  }

  /** Answers requests from now on. */
  serve(agent: AgentApi): void {
    const { token, pages, clock, log } = this.#options;
    this.#handler.resolve(createApi({
      agent,
      token,
      pages,
      clock,
      log,
      hosts: hostsOf(this.#bound),
      stopping: this.#stopping.signal,
    }));
  }

  /** Sends what waits home, lets answers under way out, and ends. */
  async close(): Promise<void> {
    this.#stopping.abort();
    const server = this.#server;
    if (server === null) return;
    const late = Promise.withResolvers<void>();
    const timer = this.#options.clock.after(CLOSE_MS, late.resolve);
    await Promise.race([server.shutdown(), late.promise]);
    timer.cancel();
  }

  get #isClosed(): boolean {
    return this.#stopping.signal.aborted;
  }

  #tryToListen(port: number): Listening {
    const { hostname } = this.#options.api;
    try {
      const { clock, log, lost } = this.#options;
      const handler = async (request: Request) =>
        (await this.#handler.promise)(request);
      this.#server = new LastingServer({
        ...{ hostname, port, handler, clock, log, lost },
      });
      this.#bound = { hostname, port: this.#server.port };
      return { ok: true, port: this.#bound.port };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const isInUse = error instanceof Deno.errors.AddrInUse;
      return { ok: false, reason, isInUse };
    }
  }
}
