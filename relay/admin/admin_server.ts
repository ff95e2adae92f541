import { type Clock, systemClock } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import { LastingServer } from "../../lib/host/lasting_server.ts";
import {
  challengeAnswer,
  saysJson,
  tokenGate,
  type TokenGateOptions,
} from "../../lib/host/token_gate.ts";
import type { Logger } from "../../lib/log.ts";
import { readBody } from "./body.ts";

/** Runs one act: its name as it stands in the route, its body as JSON that nobody checked yet. */
export type AdminRun = (
  act: string,
  body: unknown,
  requestId: string,
) => Promise<unknown>;

export interface AdminServerOptions {
  /** What opens it. */
  readonly token: string;
  readonly run: AdminRun;
  /** Makes the id by which the log names a request. */
  readonly requestId: () => string;
  readonly log: Logger;
  /** The runtime's own without it. */
  readonly clock?: Clock;
}

/** Requests that are handled at once; more are refused. */
const MOST_AT_ONCE = 16;
const ROUTE = /^\/v1\/([a-z]{1,16})$/;

/**
 * The keeper's one listener: on loopback, behind a gate that looks at Host (exactly, against DNS rebinding), Origin
 * (no web page calls here), token (in constant time), method, media type and size before it reads anything else.
 */
export class AdminServer {
  readonly #options: AdminServerOptions;
  readonly #clock: Clock;
  readonly #server: LastingServer;
  readonly #hosts: readonly string[];
  #running = 0;

  constructor(options: AdminServerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#server = onLoopback((hostname) =>
      new LastingServer({
        hostname,
        port: 0,
        handler: (request) => this.handle(request),
        clock: this.#clock,
        log: options.log,
        lost: () => options.log.error("the admin port is lost", {}),
      })
    );
    this.#hosts = [this.address, `localhost:${this.#server.port}`];
  }

  /** host:port */
  get address(): string {
    return this.#server.address;
  }

  async stop(): Promise<void> {
    await this.#server.shutdown();
  }

  /** Answers one request. Never throws. */
  async handle(request: Request): Promise<Response> {
    const proof = await challengeAnswer(request, this.#gate);
    if (proof !== null) return proof;
    const requestId = this.#options.requestId();
    const refusal = this.#refusal(request);
    if (refusal !== null) return this.#answerError(refusal, requestId);
    this.#running++;
    try {
      const act = ROUTE.exec(new URL(request.url).pathname)?.[1] ?? "";
      const body = await readBody(request, this.#clock);
      const answer = await this.#options.run(act, body, requestId);
      return json(200, answer, requestId);
    } catch (thrown) {
      return this.#answerError(thrown, requestId);
    } finally {
      this.#running--;
    }
  }

  get #gate(): TokenGateOptions {
    const { token } = this.#options;
    return { token, hosts: this.#hosts, listener: "this port" };
  }

  #refusal({ method, headers }: Request): Failure | null {
    const refusal = tokenGate(headers, this.#gate);
    if (refusal !== null) return refusal;
    if (method !== "POST") {
      return new Failure("METHOD_NOT_ALLOWED", { fields: { method } });
    }
    if (!saysJson(headers)) return new Failure("MEDIA_TYPE");
    const count = this.#running;
    return count < MOST_AT_ONCE
      ? null
      : new Failure("TOO_MANY_WAITING", { fields: { count } });
  }

  #answerError(thrown: unknown, requestId: string): Response {
    const failure = Failure.from(thrown);
    const { code, message } = failure;
    const fields = { request_id: requestId, code, reason: message };
    this.#options.log.warn("admin request refused", fields);
    return json(failure.httpStatus, { error: failure.toJson() }, requestId);
  }
}

/** A host may have IPv6 alone. */
function onLoopback<T>(listen: (hostname: string) => T): T {
  try {
    return listen("127.0.0.1");
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrNotAvailable)) throw error;
    return listen("::1");
  }
}

function json(status: number, value: unknown, requestId: string): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "x-request-id": requestId,
    },
  });
}
