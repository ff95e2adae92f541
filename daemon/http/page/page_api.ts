import { refuseSecrets } from "../../../lib/conversation/secret_check.ts";
import { Failure } from "../../../lib/errors.ts";
import type { AgentApi } from "../../../lib/local_api/agent_api.ts";
import { DAEMON_PAGE } from "../../../lib/pages/daemon_page.ts";
import {
  PAGE_HEADERS,
  PageFiles,
  takesGzip,
} from "../../../lib/pages/page_files.ts";
import type { Clock } from "../../../lib/clock.ts";
import { failureAnswer } from "../answers.ts";
import { readJson } from "../body.ts";
import { checkMediaType } from "../gate.ts";
import { COOKIE, cookieOf, isOpening, isOwnRequest } from "./page_gate.ts";
import type { PageSessions } from "./page_sessions.ts";

/** Everything of the page stands under it. */
const PAGE_ROOT = "/page/";
const OPEN = /^\/page\/open\/([0-9a-f]{1,128})$/;
const INSIDE = /^\/page\/([0-9a-f]{1,128})(\/.*)$/;

/** What the page may ask: nothing that changes anything, and nothing that counts as the agent's reading. */
const ASKED: ReadonlySet<string> = new Set([
  ...["status", "identity", "members", "messages", "sent", "contacts"],
  ...["history", "requests", "events"],
].map((name) => `/v2/${name}`));

/** What the page may have done, and what of its body is passed on. */
const DONE: Readonly<Record<string, PassedOn>> = {
  "/v2/send": personsWords,
  "/v2/accept": ({ agent }) => ({ agent }),
  "/v2/drop_request": ({ agent }) => ({ agent }),
};

type Body = Readonly<Record<string, unknown>>;
type PassedOn = (body: Body, options: PageOptions) => Body | Promise<Body>;

export interface PageOptions {
  readonly agent: Pick<AgentApi, "identity">;
  readonly token: string;
  readonly hosts: readonly string[];
  readonly sessions: PageSessions;
  readonly clock: Clock;
  /** The local API behind its gate. */
  readonly routes: (request: Request) => Promise<Response>;
}

/** Answers what browsers ask of the daemon's page. Whoever is not let in is told nothing. */
export async function answerPage(
  request: Request,
  options: PageOptions,
): Promise<Response> {
  const { pathname } = new URL(request.url);
  const [, ticket] = OPEN.exec(pathname) ?? [];
  if (ticket !== undefined) return open(ticket, request, options);
  const [, secret = "", path = ""] = INSIDE.exec(pathname) ?? [];
  const mayEnter = isOwnRequest(request, options.hosts) &&
    options.sessions.isOpen(secret, cookieOf(request.headers));
  if (!mayEnter) return nothing();
  try {
    return await inside(request, { secret, path }, options);
  } catch (error) {
    return failureAnswer(Failure.from(error), "json");
  }
}

/** The session begins; the browser goes on by itself, so that its cookie counts as asked for by this page. */
function open(
  ticket: string,
  request: Request,
  { hosts, sessions }: PageOptions,
): Response {
  const session = isOpening(request, hosts) ? sessions.enter(ticket) : null;
  if (session === null) return nothing();
  const path = `${PAGE_ROOT}${session.path}/`;
  return new Response(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>AgentNet</title><link rel="icon" href="${path}${DAEMON_PAGE.version}.svg"><meta http-equiv="refresh" content="0;url=${path}"><p><a href="${path}">Open the page</a></p></html>`,
    {
      headers: {
        ...PAGE_HEADERS,
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        "set-cookie":
          `${COOKIE}=${session.cookie}; Path=${path}; HttpOnly; SameSite=Strict`,
      },
    },
  );
}

async function inside(
  request: Request,
  { secret, path }: { readonly secret: string; readonly path: string },
  options: PageOptions,
): Promise<Response> {
  const { method } = request;
  if (method === "GET" && !path.startsWith("/v2/")) {
    return file(`${PAGE_ROOT}${secret}/`, path, request);
  }
  if (method === "GET" && ASKED.has(path)) {
    return await options.routes(ownRequest(request, path, options.token));
  }
  const passedOn = method === "POST" && Object.hasOwn(DONE, path)
    ? DONE[path]
    : undefined;
  if (passedOn === undefined) throw new Failure("NOT_FOUND");
  const body = await passedOn(await bodyOf(request, options), options);
  return await options.routes(
    ownRequest(request, path, options.token, JSON.stringify(body)),
  );
}

async function bodyOf(
  request: Request,
  { clock }: PageOptions,
): Promise<Body> {
  const mistyped = checkMediaType(request);
  if (mistyped !== null) throw mistyped;
  return Object(await readJson(request, clock));
}

function file(folder: string, path: string, request: Request): Response {
  const files = new PageFiles(DAEMON_PAGE, folder);
  const packed = takesGzip(request.headers.get("accept-encoding") ?? "");
  const found = path === "/"
    ? files.document()
    : files.file(`${folder}${path.slice(1)}`, packed);
  if (found === undefined) throw new Failure("NOT_FOUND");
  return new Response(found.content, {
    headers: { ...found.headers, "cache-control": "no-store" },
  });
}

/** A text by the person at the browser, marked as such, past the same check for secrets; brakes hold as for the agent. */
async function personsWords(
  { room, text, id, reply_to }: Body,
  { agent, token }: PageOptions,
): Promise<Body> {
  if (typeof text === "string") {
    const never = new AbortController().signal;
    await refuseSecrets([text], {
      api: { identity: () => Promise.resolve(agent.identity({}, never)) },
      token,
    });
  }
  return { room, text, id, reply_to, written_by: "person" };
}

/** The request as a program on this host would make it. */
function ownRequest(
  request: Request,
  path: string,
  token: string,
  body?: string,
): Request {
  const url = new URL(request.url);
  return new Request(`${url.origin}${path}${url.search}`, {
    method: request.method,
    signal: request.signal,
    headers: {
      host: url.host,
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body }),
  });
}

function nothing(): Response {
  return new Response(null, {
    status: 403,
    headers: {
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}
