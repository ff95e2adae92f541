import { Failure, type FailureJson } from "../errors.ts";
import { CutOff } from "./cut_off.ts";
import { cutLoopback } from "./loopback.ts";
import type { DaemonPlace } from "./locate.ts";
import { Unproven } from "./unproven.ts";
import {
  type AnswerOf,
  heldMs,
  OPERATION_NAMES,
  type OperationName,
  OPERATIONS,
  pathOf,
  PATIENCE_MS,
  type QueryValue,
  type RequestOf,
} from "./operations.ts";

/** What is used of an answer: a `Response` is one, and takes 3 ms to make for the first time. */
export type ApiResponse = Pick<Response, "ok" | "status" | "text">;

/** The part of `fetch` that is used; tests stand in for it. */
export type Fetch = (url: string, init: RequestInit) => Promise<ApiResponse>;

interface CallLimits {
  /** Milliseconds until the answer counts as lost. */
  readonly limit: number;
  readonly signal: AbortSignal | undefined;
  /** The message that is sent, for a failure to name. */
  readonly id?: string | undefined;
}

interface Posted {
  readonly method: string;
  readonly id: string | undefined;
}

/** A request may be left out where it has to say nothing. */
type Asked<Request> = Record<never, never> extends Request
  ? [request?: Request, signal?: AbortSignal]
  : [request: Request, signal?: AbortSignal];

/** The daemon's operations, one method each. Every method rejects with a `Failure` and nothing else. */
export type LocalApi = {
  readonly [Name in OperationName]: (
    ...asked: Asked<RequestOf<Name>>
  ) => Promise<AnswerOf<Name>>;
};

/** The API of the daemon at a place. */
export function localApi(place: DaemonPlace, fetch: Fetch): LocalApi {
  const caller = new Caller(place, fetch);
  const calls = OPERATION_NAMES.map((name) =>
    [
      name,
      (request: Fields = {}, signal?: AbortSignal) =>
        caller.ask(name, request, signal),
    ] as const
  );
  return Object.fromEntries(calls) as unknown as LocalApi;
}

/** A request as it goes out: of a GET, each field is a {@link QueryValue}. */
type Fields = Readonly<Record<string, unknown>>;

class Caller {
  readonly #place: DaemonPlace;
  readonly #fetch: Fetch;

  constructor(place: DaemonPlace, fetch: Fetch) {
    this.#place = place;
    this.#fetch = fetch;
  }

  ask(
    name: OperationName,
    request: Fields,
    signal?: AbortSignal,
  ): Promise<unknown> {
    const { method, patience } = OPERATIONS[name];
    const limit = PATIENCE_MS[patience] + heldMs(name, request);
    return method === "GET"
      ? this.#get(pathOf(name), request, { limit, signal })
      : this.#post(pathOf(name), request, { limit, signal });
  }

  #get(path: string, query: Fields, limits: CallLimits): Promise<unknown> {
    const text = queryText(query as Readonly<Record<string, QueryValue>>);
    return this.#call(`${path}${text}`, { method: "GET" }, limits);
  }

  #post(path: string, body: Fields, limits: CallLimits): Promise<unknown> {
    const init = {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    };
    const id = typeof body.id === "string" ? body.id : undefined;
    return this.#call(path, init, { ...limits, id });
  }

  async #call(
    path: string,
    init: { method: string; body?: string; headers?: Record<string, string> },
    { limit, signal, id }: CallLimits,
  ): Promise<unknown> {
    const late = AbortSignal.timeout(limit);
    const request = {
      ...init,
      redirect: "error" as const,
      headers: {
        ...init.headers,
        authorization: `Bearer ${this.#place.token}`,
      },
      signal: signal === undefined ? late : AbortSignal.any([signal, late]),
    };
    try {
      const response = await this.#fetch(
        `http://${this.#place.address}${path}`,
        request,
      );
      return await answerOf(response);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw await this.#failure(error, { method: init.method, id });
    }
  }

  async #failure(error: unknown, { method, id }: Posted): Promise<Failure> {
    if (error instanceof Failure) return error;
    const cut = await cutLoopback(error);
    if (cut !== null) return cut;
    const { address, as } = this.#place;
    if (error instanceof Unproven) {
      const fields = { address };
      return new Failure("NOT_THE_DAEMON", { fields, cause: error });
    }
    const timedOut = error instanceof DOMException &&
      error.name === "TimeoutError";
    if (method === "POST" && (timedOut || error instanceof CutOff)) {
      const fields = { id, who: "the daemon" };
      return new Failure("OUTCOME_UNKNOWN", { fields, cause: error });
    }
    return new Failure("NO_DAEMON", { fields: { address, as }, cause: error });
  }
}

async function answerOf(response: ApiResponse): Promise<unknown> {
  const body = await jsonOf(response);
  if (response.ok) return body;
  const error = (body as { error?: FailureJson } | null)?.error;
  if (
    typeof error?.code === "string" && typeof error.message === "string" &&
    typeof error.fix === "string"
  ) {
    throw Failure.fromJson(error);
  }
  throw new Failure("INTERNAL", {
    fields: {
      reason:
        `something else than a daemon answers there (HTTP ${response.status})`,
    },
  });
}

async function jsonOf(response: ApiResponse): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Failure("INTERNAL", {
      fields: {
        reason:
          `something else than a daemon answers there (HTTP ${response.status})`,
      },
    });
  }
}

function queryText(
  query: Readonly<Record<string, QueryValue | undefined>>,
): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "object") {
      for (const each of value) params.append(name, each);
    } else params.append(name, String(value));
  }
  return params.size === 0 ? "" : `?${params}`;
}
