import { Failure, type FailureJson } from "../errors.ts";
import type { DaemonPlace } from "./locate.ts";
import type * as api from "./types.ts";

/** What is used of an answer: a `Response` is one, and takes 3 ms to make for the first time. */
export type ApiResponse = Pick<Response, "ok" | "status" | "text">;

/** The part of `fetch` that is used; tests stand in for it. */
export type Fetch = (url: string, init: RequestInit) => Promise<ApiResponse>;

/** Longest time that an answer may take beyond what the request itself asked to wait, in milliseconds. */
const ANSWER_MS = 120_000;

type QueryValue = string | number | boolean | readonly string[] | undefined;

/** The daemon's routes under `/v2/`, one method each. Every method rejects with a `Failure` and nothing else. */
export class LocalApi {
  readonly #place: DaemonPlace;
  readonly #fetch: Fetch;

  constructor(place: DaemonPlace, fetch: Fetch) {
    this.#place = place;
    this.#fetch = fetch;
  }

  status(): Promise<api.Status> {
    return this.#get("status");
  }

  identity(): Promise<api.WhoAmI> {
    return this.#get("identity");
  }

  rooms(query: api.RoomsQuery = {}): Promise<api.RoomsPage> {
    return this.#get("rooms", { ...query });
  }

  members(room: string): Promise<api.JoinedRoom> {
    return this.#get("members", { room });
  }

  create(
    request: api.CreateRequest,
    signal?: AbortSignal,
  ): Promise<api.JoinedRoom> {
    return this.#post("create", request, signal);
  }

  join(
    request: api.RoomRequest,
    signal?: AbortSignal,
  ): Promise<api.JoinedRoom> {
    return this.#post("join", request, signal);
  }

  leave(request: api.RoomRequest): Promise<api.LeftRoom> {
    return this.#post("leave", request);
  }

  send(request: api.SendRequest): Promise<api.SendResult> {
    return this.#post("send", request);
  }

  messages(
    query: api.MessagesQuery = {},
    signal?: AbortSignal,
  ): Promise<api.MessagesPage> {
    return this.#get("messages", { ...query }, signal);
  }

  count(query: api.MessagesQuery = {}): Promise<api.MessageCount> {
    return this.#get("count", { ...query });
  }

  read(request: api.ReadRequest): Promise<api.ReadDone> {
    return this.#post("read", request);
  }

  history(
    query: { room: string; limit?: number; before_seq?: number },
  ): Promise<api.HistoryPage> {
    return this.#get("history", { ...query });
  }

  message(id: string): Promise<api.OneMessage> {
    return this.#get("message", { id });
  }

  sent(limit = 50): Promise<api.SentPage> {
    return this.#get("sent", { limit });
  }

  search(
    query: { words: string; room?: string; limit?: number },
  ): Promise<api.MessagesPage> {
    return this.#get("search", { ...query });
  }

  contacts(): Promise<api.ContactsPage> {
    return this.#get("contacts");
  }

  mute(request: api.AgentRequest): Promise<api.ContactDone> {
    return this.#post("mute", request);
  }

  unmute(request: api.AgentRequest): Promise<api.ContactDone> {
    return this.#post("unmute", request);
  }

  pin(request: api.PinRequest): Promise<api.ContactDone> {
    return this.#post("pin", request);
  }

  unpin(request: api.AgentRequest): Promise<api.ContactDone> {
    return this.#post("unpin", request);
  }

  stop(): Promise<api.Stopping> {
    return this.#post("stop", {});
  }

  #get<Answer>(
    route: string,
    query: Record<string, QueryValue> = {},
    signal?: AbortSignal,
  ): Promise<Answer> {
    const wait = typeof query.wait_ms === "number" ? query.wait_ms : 0;
    return this.#call(`/v2/${route}${queryText(query)}`, { method: "GET" }, {
      wait,
      signal,
    });
  }

  #post<Answer>(
    route: string,
    body: object,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const init = {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    };
    return this.#call(`/v2/${route}`, init, { wait: 0, signal });
  }

  async #call<Answer>(
    path: string,
    init: { method: string; body?: string; headers?: Record<string, string> },
    { wait, signal }: { wait: number; signal: AbortSignal | undefined },
  ): Promise<Answer> {
    const limit = AbortSignal.timeout(wait + ANSWER_MS);
    const request = {
      ...init,
      redirect: "error" as const,
      headers: {
        ...init.headers,
        authorization: `Bearer ${this.#place.token}`,
      },
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    };
    try {
      const response = await this.#fetch(
        `http://${this.#place.address}${path}`,
        request,
      );
      return await answerOf<Answer>(response);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw this.#failure(error, init.method);
    }
  }

  #failure(error: unknown, method: string): Failure {
    if (error instanceof Failure) return error;
    const timedOut = error instanceof DOMException &&
      error.name === "TimeoutError";
    if (timedOut && method === "POST") {
      return new Failure("OUTCOME_UNKNOWN", { cause: error });
    }
    return new Failure("NO_DAEMON", {
      fields: { address: this.#place.address },
      cause: error,
    });
  }
}

async function answerOf<Answer>(response: ApiResponse): Promise<Answer> {
  const body = await jsonOf(response);
  if (response.ok) return body as Answer;
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

function queryText(query: Record<string, QueryValue>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "object") {
      for (const each of value) params.append(name, each);
    } else params.append(name, String(value));
  }
  return params.size === 0 ? "" : `?${params}`;
}
