import { Failure, type FailureJson } from "../errors.ts";
import { CutOff } from "./cut_off.ts";
import type { DaemonPlace } from "./locate.ts";
import type * as api from "./types.ts";

/** What is used of an answer: a `Response` is one, and takes 3 ms to make for the first time. */
export type ApiResponse = Pick<Response, "ok" | "status" | "text">;

/** The part of `fetch` that is used; tests stand in for it. */
export type Fetch = (url: string, init: RequestInit) => Promise<ApiResponse>;

/** Longest time that an answer may take beyond what the request itself asked to wait, in milliseconds. */
const ANSWER_MS = {
  /** The daemon knows it by itself. */
  own: 10_000,
  /** The daemon asks the relay. */
  relay: 30_000,
  /** The relay may ask for a proof of work. */
  change: 120_000,
} as const;

/** Questions that the daemon passes on. */
const RELAY_ROUTES: readonly string[] = ["rooms", "members", "history"];

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

type QueryValue = string | number | boolean | readonly string[] | undefined;

/** The daemon's routes under `/v2/`, one method each. Every method rejects with a `Failure` and nothing else. */
export class LocalApi {
  readonly #place: DaemonPlace;
  readonly #fetch: Fetch;

  constructor(place: DaemonPlace, fetch: Fetch) {
    this.#place = place;
    this.#fetch = fetch;
  }

  status(signal?: AbortSignal): Promise<api.Status> {
    return this.#get("status", {}, signal);
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

  message(query: api.MessageQuery): Promise<api.OneMessage> {
    return this.#get("message", { ...query });
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
    const answer = RELAY_ROUTES.includes(route)
      ? ANSWER_MS.relay
      : ANSWER_MS.own;
    return this.#call(`/v2/${route}${queryText(query)}`, { method: "GET" }, {
      limit: wait + answer,
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
    const limit = ANSWER_MS.change;
    const id = "id" in body && typeof body.id === "string"
      ? body.id
      : undefined;
    return this.#call(`/v2/${route}`, init, { limit, signal, id });
  }

  async #call<Answer>(
    path: string,
    init: { method: string; body?: string; headers?: Record<string, string> },
    { limit, signal, id }: CallLimits,
  ): Promise<Answer> {
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
      return await answerOf<Answer>(response);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw this.#failure(error, { method: init.method, id });
    }
  }

  #failure(error: unknown, { method, id }: Posted): Failure {
    if (error instanceof Failure) return error;
    const timedOut = error instanceof DOMException &&
      error.name === "TimeoutError";
    if (method === "POST" && (timedOut || error instanceof CutOff)) {
      const fields = { id, who: "the daemon" };
      return new Failure("OUTCOME_UNKNOWN", { fields, cause: error });
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
