import { Failure } from "../../../lib/errors.ts";

/** A row of a relay's REST history, not yet looked at (protocol.md section 8). */
export type RestRow = Readonly<Record<string, unknown>>;

/** Which page: the newest when no bound is named. */
export interface RestPage {
  /** Rows older than this time, in milliseconds. */
  readonly before?: number;
  /** Rows below this seq; only this project's relay knows it. */
  readonly beforeSeq?: number;
  /** 1 to 200. */
  readonly limit: number;
}

/**
 * Reads a page of a room's past by REST, newest first. Rejects with a `Failure`: HISTORY_OFF, ROOM_NOT_FOUND,
 * RATE_LIMITED, NOT_CONNECTED or RELAY_REFUSED.
 */
export type RestHistory = (
  room: string,
  page: RestPage,
) => Promise<readonly RestRow[]>;

/** Longest time that an answer may take, in milliseconds. */
const ANSWER_MS = 10_000;
/** Reading it must not hold up the local API: 8 MB of JSON take about 40 ms. */
const MOST_BYTES = 8 * 1024 * 1024;

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** REST history of the relay whose WebSocket address is given when it is wanted, at the same host. */
export function restHistory(relayUrl: () => string, fetch: Fetch): RestHistory {
  return async (room, page) => {
    const origin = new URL(relayUrl());
    origin.protocol = origin.protocol === "wss:" ? "https:" : "http:";
    const response = await get(fetch, pageUrl(origin, { room, ...page }));
    if (!response.ok) throw await refusal(response, room);
    return rowsOf(await boundedJson(response));
  };
}

function pageUrl(
  origin: URL,
  page: RestPage & { readonly room: string },
): string {
  const url = new URL(`/api/rooms/${page.room}/messages`, origin);
  url.searchParams.set("limit", String(page.limit));
  if (page.before !== undefined) {
    url.searchParams.set("before", String(page.before));
  }
  if (page.beforeSeq !== undefined) {
    url.searchParams.set("before_seq", String(page.beforeSeq));
  }
  return url.href;
}

async function get(fetch: Fetch, url: string): Promise<Response> {
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    return await fetch(url, { signal, redirect: "error" });
  } catch (cause) {
    throw new Failure("NOT_CONNECTED", {
      fields: { reason: "the relay's history does not answer" },
      cause,
    });
  }
}

async function refusal(response: Response, room: string): Promise<Failure> {
  await response.body?.cancel();
  const { status, headers } = response;
  if (status === 403) return new Failure("HISTORY_OFF");
  if (status === 404) {
    return new Failure("ROOM_NOT_FOUND", { fields: { room } });
  }
  if (status === 429) {
    const seconds = Number(headers.get("retry-after") ?? "");
    const retryAfterMs = seconds > 0 && seconds < 3600
      ? seconds * 1000
      : 60_000;
    return new Failure("RATE_LIMITED", { retryAfterMs });
  }
  return unreadable(`its history answers with HTTP ${status}`);
}

async function boundedJson(response: Response): Promise<unknown> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) throw unreadable("its history is too large");
      text += decoder.decode(chunk, { stream: true });
    }
    return JSON.parse(text + decoder.decode());
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw unreadable("its history can't be read", cause);
  }
}

function rowsOf(body: unknown): readonly RestRow[] {
  const rows = typeof body === "object" && body !== null && "messages" in body
    ? body.messages ?? []
    : undefined;
  if (!Array.isArray(rows)) throw unreadable("its history can't be read");
  return rows.slice(0, 200).filter((row): row is RestRow =>
    typeof row === "object" && row !== null && !Array.isArray(row)
  );
}

function unreadable(reason: string, cause?: unknown): Failure {
  return new Failure("RELAY_REFUSED", { fields: { reason }, cause });
}
