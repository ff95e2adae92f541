import { isRoomName } from "../../lib/protocol/names.ts";
import { WIRE } from "../../lib/protocol/limits.ts";
import type { RoomPage, RoomQuery } from "../core/rooms/room_index.ts";
import { cursorText, parseCursor } from "../core/edge/listing.ts";
import { summaryOf } from "../core/replies.ts";
import type {
  RestRead,
  StoreAnswer,
  StoredMessage,
} from "../store/contract.ts";
import type { Place } from "./page_lines.ts";
import { JSON_TYPE, refused, type RestAnswer } from "./rest_answer.ts";
import {
  pageRoute,
  roomRow,
  watchRoute,
  type WatchSource,
} from "./watching/watch_routes.ts";

/** What REST needs of the relay behind it. */
export interface RestSource extends WatchSource {
  /** Whether the store answers. */
  isReady(): boolean;
  /** Why a relay of a cluster does not serve; null when it does. */
  trouble(): string | null;
  /** False until a relay of a cluster has caught up with the log: what it would show is of yesterday. */
  isOpen(): boolean;
  /** Milliseconds that the address must wait; counts the request. */
  wait(address: string): number;
  /** The same for a probe (/health, /ready, /metrics). */
  probeWait(address: string): number;
  isBlocked(address: string): boolean;
  /** Only listed agents may log in: REST, which knows nobody, shows nothing then. */
  isPrivate(): boolean;
  rooms(query: RoomQuery): RoomPage;
  hasRoom(name: string): boolean;
  /** The figures for Prometheus. */
  metrics(): { readonly type: string; readonly content: string };
  read(request: Omit<RestRead, "token">): Promise<StoreAnswer>;
  /** The JSON text of each row of history, made in the address's turns. */
  rows(
    address: string,
    messages: readonly StoredMessage[],
  ): Promise<readonly string[]>;
  /** A place in the address's line for a page; null when too many wait. */
  enter(address: string): Promise<Place> | null;
}

export interface RestRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** The client's key (see address.ts). */
  readonly address: string;
  /** Whether the client takes packed content. */
  readonly takesGzip: boolean;
  /** Whether the client may read /metrics. */
  readonly mayMeasure: boolean;
}

/** What a supervisor asks; counted apart, so that no reader from its address keeps it from an answer. */
const PROBES: readonly string[] = ["/health", "/ready", "/metrics"];
/** What is asked for a page while too many wait. */
const PAGE_WAIT_MS = 1_000;
/** When a relay that has yet to begin may be asked again, in seconds. */
const SOON_S = 1;
const PRIVATE = refused(403, "this relay is private");
const MESSAGES = /^\/api\/rooms\/([^/]{1,64})\/messages$/;

/** The REST routes of protocol.md section 8. Never throws for what a client sent. */
export async function rest(
  request: RestRequest,
  source: RestSource,
): Promise<RestAnswer> {
  const isProbe = PROBES.includes(pathOf(request.target));
  const { address } = request;
  const late = isProbe
    ? tooMany(source.probeWait(address))
    : limited(address, source);
  if (late !== null) return late;
  if (request.method !== "GET" && request.method !== "HEAD") {
    return refused(405, "only GET is answered here");
  }
  if (!URL.canParse(request.target, "http://relay")) {
    return refused(400, "the path can't be read");
  }
  const url = new URL(request.target, "http://relay");
  if (url.pathname === "/health") {
    return { status: 200, body: { status: "ok" } };
  }
  if (url.pathname === "/ready") return ready(source);
  if (url.pathname === "/metrics") {
    return request.mayMeasure
      ? { status: 200, body: null, text: source.metrics() }
      : refused(403, "the figures are not for this address");
  }
  if (url.pathname.startsWith("/api/")) return await api(url, address, source);
  const page = pageRoute(url.pathname, request.takesGzip, source);
  if (page === null) return refused(404, "no such path");
  return source.isPrivate() ? PRIVATE : page;
}

function pathOf(target: string): string {
  return target.split("?", 1)[0] ?? "";
}

function ready(source: RestSource): RestAnswer {
  const trouble = source.trouble() ??
    (source.isReady() ? null : "the store does not answer");
  return trouble === null
    ? { status: 200, body: { status: "ready" } }
    : { status: 503, body: { status: trouble } };
}

/** Why nobody, or this address, gets an answer now; counts the request. */
export function limited(
  address: string,
  source: RestSource,
): RestAnswer | null {
  if (!source.isOpen()) {
    const trouble = source.trouble() ?? "the relay has yet to begin";
    return { ...refused(503, trouble), retryAfter: SOON_S };
  }
  if (source.isBlocked(address)) {
    return refused(403, "too many failed logins from this address");
  }
  return tooMany(source.wait(address));
}

function tooMany(wait: number): RestAnswer | null {
  return wait === 0 ? null : waitFor(wait);
}

function waitFor(wait: number): RestAnswer {
  const retryAfter = Math.ceil(wait / 1000);
  return { ...refused(429, "too many requests"), retryAfter };
}

async function api(
  url: URL,
  address: string,
  source: RestSource,
): Promise<RestAnswer> {
  if (source.isPrivate()) return PRIVATE;
  if (url.pathname === "/api/rooms") return rooms(url.searchParams, source);
  const watched = watchRoute(url, address, source);
  if (watched !== null) return watched;
  const room = MESSAGES.exec(url.pathname)?.[1];
  if (room === undefined) return refused(404, "no such path");
  if (!isRoomName(room)) return refused(400, "no room can have this name");
  if (source.history !== "public") {
    return refused(403, "this relay shows no history here");
  }
  if (!source.hasRoom(room)) return refused(404, "no such room");
  const place = await source.enter(address);
  if (place === null) return waitFor(PAGE_WAIT_MS);
  const left = () => place.leave();
  try {
    const asked = { room, params: url.searchParams, address };
    return { ...await messages(asked, source), left };
  } catch (error) {
    left();
    throw error;
  }
}

function rooms(params: URLSearchParams, source: RestSource): RestAnswer {
  const cursor = params.get("cursor");
  const after = cursor === null ? undefined : parseCursor(cursor);
  if (after === null) return refused(400, "the cursor is not ours");
  const q = params.get("q");
  const page = source.rooms({
    tags: params.getAll("tag").slice(0, WIRE.tags),
    match: params.get("match") === "all" ? "all" : "any",
    sort: params.get("sort") === "agents" ? "agents" : "active",
    limit: within(params.get("limit"), WIRE.roomsPageDefault, WIRE.roomsPage),
    ...(q === null ? {} : { q: q.slice(0, 256) }),
    ...(after === undefined ? {} : { after }),
  });
  const list = page.rooms.map((room) =>
    roomRow(summaryOf(room), params, source)
  );
  const next = page.next === undefined ? {} : { cursor: cursorText(page.next) };
  return {
    status: 200,
    body: { rooms: list, ...next, has_more: page.next !== undefined },
  };
}

async function messages(
  { room, params, address }: {
    readonly room: string;
    readonly params: URLSearchParams;
    readonly address: string;
  },
  source: RestSource,
): Promise<RestAnswer> {
  const before = wholeNumber(params.get("before"));
  const beforeSeq = wholeNumber(params.get("before_seq"));
  if (before === null || beforeSeq === null) {
    return refused(400, "before and before_seq are whole numbers");
  }
  const answer = await source.read({
    kind: "rest_history",
    room,
    limit: within(params.get("limit"), WIRE.roomsPageDefault, WIRE.historyPage),
    most_bytes: WIRE.historyPageBytes,
    ...(before === undefined ? {} : { before }),
    ...(beforeSeq === undefined ? {} : { before_seq: beforeSeq }),
  });
  if (answer.kind !== "page") return refused(503, "the store does not answer");
  const rows = await source.rows(address, answer.messages);
  const content = `{"room":${JSON.stringify(room)},"messages":[${
    rows.join(",")
  }],"has_more":${answer.has_more}}`;
  return { status: 200, body: null, text: { type: JSON_TYPE, content } };
}

/** A whole number from the query: undefined when absent, null when it is something else. */
function wholeNumber(text: string | null): number | null | undefined {
  if (text === null) return undefined;
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** A count from the query: the usual one when absent or not a whole number above 0, at most `most`. */
function within(text: string | null, usual: number, most: number): number {
  const count = text !== null && /^\d{1,6}$/.test(text) ? Number(text) : 0;
  return count === 0 ? usual : Math.min(count, most);
}
