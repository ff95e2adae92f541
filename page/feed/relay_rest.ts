import {
  type Panel,
  parseJson,
  readMessageRows,
  readPanel,
  readRoomRow,
  readRoomRows,
  type RoomRow,
  type RoomRows,
} from "./rows.ts";
import type { HistoryPage } from "./timeline.ts";

/** What a server said instead of an answer; status 0 where there was none at all. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly status: number;
  /** Milliseconds until it may be asked again. */
  readonly waitMs: number;

  constructor(status: number, waitMs: number) {
    super(`refused with ${status}`);
    this.status = status;
    this.waitMs = waitMs;
  }
}

/** Rows of one page: as many as the relay gives. */
const MESSAGES = 200;
const ROOMS = 100;
/** Minutes that a line of activity shows. */
export const MINUTES = 30;
const WAIT_MS = 2_000;

/** What is asked of the list. */
export interface RoomSearch {
  readonly words: string;
  readonly tags: readonly string[];
  readonly cursor?: string;
}

export async function fetchRooms(search: RoomSearch): Promise<RoomRows> {
  const params = new URLSearchParams({
    limit: String(ROOMS),
    minutes: String(MINUTES),
    match: "all",
  });
  if (search.words !== "") params.set("q", search.words);
  for (const tag of search.tags) params.append("tag", tag);
  if (search.cursor !== undefined) params.set("cursor", search.cursor);
  return readRoomRows(await ask(`/api/rooms?${params}`));
}

/** Null where there is no such room. */
export async function fetchRoom(room: string): Promise<RoomRow | null> {
  try {
    return readRoomRow(await ask(`/api/rooms/${room}?minutes=${MINUTES}`));
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return null;
    throw error;
  }
}

export async function fetchPanel(): Promise<Panel | null> {
  return readPanel(await ask("/api/relay"));
}

/** The page of a room's history below a number; the newest without one. */
export async function fetchHistory(
  room: string,
  beforeSeq: number | undefined,
): Promise<HistoryPage> {
  const before = beforeSeq === undefined ? "" : `&before_seq=${beforeSeq}`;
  return readMessageRows(
    await ask(`/api/rooms/${room}/messages?limit=${MESSAGES}${before}`),
  );
}

/** @throws Refused */
async function ask(path: string): Promise<unknown> {
  const response = await fetched(path);
  if (!response.ok) {
    const seconds = Number(response.headers.get("retry-after") ?? "");
    const waitMs = seconds > 0 ? seconds * 1_000 : WAIT_MS;
    throw new Refused(response.status, waitMs);
  }
  return parseJson(await response.text());
}

async function fetched(path: string): Promise<Response> {
  try {
    return await fetch(path, { headers: { accept: "application/json" } });
  } catch (error) {
    if (error instanceof TypeError) throw new Refused(0, WAIT_MS);
    throw error;
  }
}
