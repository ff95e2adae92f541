import { Hono } from "hono";
import type { Clock } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import type { Logger } from "../../lib/log.ts";
import type { AgentApi } from "../../lib/local_api/agent_api.ts";
import { type ErrorForm, failureAnswer } from "./answers.ts";
import { readJson } from "./body.ts";
import { checkMediaType, gate, type GateOptions, proveToken } from "./gate.ts";
import { answerPage, type PageOptions } from "./page/page_api.ts";
import type { PageSessions } from "./page/page_sessions.ts";
import { goRoutes } from "./go_adapter.ts";
import { RefusalLog } from "./refusal_log.ts";
import type { Route } from "./route.ts";
import { Slots } from "./slots.ts";
import { v2Routes } from "./v2_routes.ts";

export interface ApiOptions extends GateOptions {
  readonly agent: AgentApi;
  /** Who may see the page. */
  readonly pages: PageSessions;
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborted when the daemon stops: whoever waits is answered. */
  readonly stopping: AbortSignal;
  /** Requests that may wait at a time. Default 64. */
  readonly mostWaiting?: number;
}

/** The local API: every request goes through the gate, then to one of two route tables. Never rejects. */
export function createApi(
  options: ApiOptions,
): (request: Request) => Promise<Response> {
  const { agent, clock, mostWaiting = 64 } = options;
  const refusals = new RefusalLog(options);
  const waiting = new Slots(mostWaiting);
  const routes = [...v2Routes({ agent, clock, waiting }), ...goRoutes(agent)];
  const app = appOf(routes, options);
  const { pages: sessions, token, hosts } = options;
  const page: PageOptions = {
    ...{ agent, token, hosts, sessions, clock },
    routes: (request) => answer(request),
  };
  const answer = async (request: Request): Promise<Response> => {
    if (isOfPage(request)) return await answerPage(request, page);
    const proof = await proveToken(request, options);
    if (proof !== null) return proof;
    const refused = gate(request, options);
    if (refused === null) return await app.fetch(withoutHead(request));
    refusals.refused(refused.code);
    return failureAnswer(refused, formOf(request));
  };
  return answer;
}

/** Read from the text alone, as {@link formOf}. */
function isOfPage(request: Request): boolean {
  return /^[a-z]+:\/\/[^/]*\/page\//.test(request.url);
}

function appOf(routes: readonly Route[], options: ApiOptions): Hono {
  const app = new Hono();
  for (const route of routes) {
    app.on(
      route.method,
      route.path,
      (context) => answerOf(route, context.req.raw, options),
    );
  }
  app.notFound((context) => {
    const { method } = context.req;
    const isKnown = routes.some(({ path }) => path === context.req.path);
    const failure = isKnown
      ? new Failure("METHOD_NOT_ALLOWED", { fields: { method } })
      : new Failure("NOT_FOUND");
    return failureAnswer(failure, formOf(context.req.raw));
  });
  app.onError((error, context) => {
    const failure = Failure.from(error);
    if (failure.code === "INTERNAL") {
      options.log.error("request failed", { reason: failure.message });
    }
    return failureAnswer(failure, formOf(context.req.raw));
  });
  return app;
}

async function answerOf(
  route: Route,
  request: Request,
  { clock, stopping }: ApiOptions,
): Promise<Response> {
  const mistyped = checkMediaType(request);
  if (mistyped !== null) throw mistyped;
  const hasBody = request.headers.has("content-type");
  return await route.answer({
    query: new URL(request.url).searchParams,
    body: route.method === "POST" && hasBody
      ? await readJson(request, clock)
      : {},
    content: route.method === "PUT" ? contentOf(request) : null,
    accept: request.headers.get("accept") ?? "",
    signal: AbortSignal.any([request.signal, stopping]),
  });
}

/** The bytes of a body; what one reader left of them is there for the next. */
function contentOf({ body }: Request): AsyncIterable<Uint8Array> | null {
  return body === null
    ? null
    : { [Symbol.asyncIterator]: () => body.values({ preventCancel: true }) };
}

/** A HEAD would run the route of GET, which for /messages is more than a look. */
function withoutHead(request: Request): Request {
  return request.method === "HEAD"
    ? new Request(request.url, { method: "OPTIONS", headers: request.headers })
    : request;
}

/** Read from the text alone: the URL of a request with a bad Host may not be one. */
function formOf(request: Request): ErrorForm {
  return /^[a-z]+:\/\/[^/]*\/v2\//.test(request.url) ? "json" : "text";
}
