import { isRoomName } from "../../../lib/protocol/names.ts";
import { isPrivateWire } from "../../../lib/sealed/sealed_text.ts";
import type { RoomSummary } from "../../../lib/protocol/frames.ts";
import type { HistoryAccess } from "../../core/settings.ts";
import { refused, type RestAnswer } from "../rest_answer.ts";
import type { Watching } from "./watching.ts";

/** What the routes of those who look need of the relay behind them. */
export interface WatchSource {
  readonly history: HistoryAccess;
  /** Null where the relay has no page. */
  readonly watching: Watching | null;
  summary(room: string): RoomSummary | undefined;
}

/** Seconds until one for whom there is no place asks again. */
const FULL_WAIT_S = 10;
const DOCUMENT = /^\/(?:rooms\/[^/]{1,64})?$/;
const ROOM = /^\/api\/rooms\/([^/]{1,64})(\/events)?$/;

/** The page's own files. @returns null where the path is none of them. */
export function pageRoute(
  path: string,
  takesGzip: boolean,
  { watching }: WatchSource,
): RestAnswer | null {
  if (watching === null) return null;
  const file = DOCUMENT.test(path)
    ? watching.files.document()
    : watching.files.file(path, takesGzip);
  if (file === undefined) return null;
  const { content, headers } = file;
  const type = headers["content-type"] ?? "";
  return { status: 200, body: null, text: { type, content }, headers };
}

/** What the page asks beside rooms and their history. @returns null where the path is none of these. */
export function watchRoute(
  url: URL,
  address: string,
  source: WatchSource,
): RestAnswer | null {
  const { watching } = source;
  if (watching === null) return null;
  if (url.pathname === "/api/relay") {
    return { status: 200, body: watching.panel() };
  }
  const [, room, events] = ROOM.exec(url.pathname) ?? [];
  if (room === undefined) return null;
  if (!isRoomName(room)) return refused(400, "no room can have this name");
  if (events !== undefined && isKept(room, source)) {
    return refused(403, "this relay shows no conversation here");
  }
  const summary = source.summary(room);
  if (summary === undefined) return refused(404, "no such room");
  if (events === undefined) {
    return { status: 200, body: roomRow(summary, url.searchParams, source) };
  }
  return watching.feeds.mayEnter(address)
    ? { status: 200, body: null, watch: room, text: EVENTS }
    : { ...refused(503, "too many watch already"), retryAfter: FULL_WAIT_S };
}

/** A room as REST lists it, with the counts of its last minutes where `minutes` asks for them. */
export function roomRow(
  summary: RoomSummary,
  params: URLSearchParams,
  { watching }: WatchSource,
): RoomSummary & { readonly members: number; readonly minutes?: number[] } {
  const row = { ...summary, members: summary.agents };
  const asked = params.get("minutes") ?? "";
  if (watching === null || !/^\d{1,2}$/.test(asked)) return row;
  const minutes = Math.min(Number(asked), MOST_MINUTES);
  return { ...row, minutes: watching.minutesOf(row.name, minutes) };
}

const MOST_MINUTES = 60;
/** For a HEAD, which is told of the stream and gets none. */
const EVENTS = { type: "text/event-stream", content: "" };

function isKept(room: string, { history }: WatchSource): boolean {
  return history !== "public" || isPrivateWire(room);
}
