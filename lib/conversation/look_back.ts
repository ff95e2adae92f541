import type { Clock } from "../clock.ts";
import { defined } from "../defined.ts";
import { Failure } from "../errors.ts";
import type { LocalApi } from "../local_api/client.ts";
import type { EarlierPage, HistoryPage } from "../local_api/types/history.ts";
import type { HistoryMessage } from "../local_api/types/messages.ts";
import { WIRE } from "../protocol/limits.ts";
import { type RoomName, utf8Bytes } from "../protocol/names.ts";

/** How far one command looks back in all: a relay gives 60 pages and 16 MB a minute (protocol.md section 6). */
const MOST = { pages: 25, bytes: 8 * 1024 * 1024, ms: 20_000 } as const;
/** What a message takes beside its text, about. */
const ROW_BYTES = 400;

/** How far a room was looked through. */
export interface LookedAt {
  readonly room: RoomName;
  readonly messages: number;
  /** Whether that is all that the relay has, or all that was asked for. */
  readonly complete: boolean;
  /** When the oldest of them was sent; milliseconds since 1970. */
  readonly back_to?: number;
}

/** Times that a Date can hold, in milliseconds since 1970. */
const LAST_DATE = 8.64e15;

/** How far back was looked, in words; an author may write any number for its time. */
export function backToText({ back_to }: Pick<LookedAt, "back_to">): string {
  if (back_to === undefined) return "";
  return back_to <= LAST_DATE
    ? `, back to ${new Date(back_to).toISOString()}`
    : ", back to an unknown time";
}

/** Where to look: all of a room, or what is behind a number of the relay. */
export interface LookAt {
  readonly room: RoomName;
  readonly after_seq?: number;
  /** This room and how many more are to share what is left; it alone without it. */
  readonly share?: { readonly rooms: number };
}

/** Reads rooms' past from the relay, newest first, by pages, within the bounds of one command. */
export class LookBack {
  readonly #clock: Clock;
  readonly #api: Pick<LocalApi, "history">;
  readonly #deadline: number;
  #pages = 0;
  #bytes = 0;
  /** What was looked at, a room an item. */
  readonly looked: LookedAt[] = [];

  constructor(clock: Clock, api: Pick<LocalApi, "history">) {
    this.#clock = clock;
    this.#api = api;
    this.#deadline = clock.monotonic() + MOST.ms;
  }

  /**
   * Pages of a room, each oldest first, the newest page first; then {@link looked} says how far it went. Throws the
   * `Failure` of the first page; a later one ends it there.
   */
  async *pages(at: LookAt): AsyncGenerator<readonly HistoryMessage[]> {
    const { room, after_seq = -1, share = { rooms: 1 } } = at;
    const lastPage = this.#pages + this.#share(share.rooms);
    let messages = 0;
    let oldest: HistoryMessage | undefined;
    let next: EarlierPage | null = {};
    let page: HistoryPage | null = null;
    let complete = false;
    while (next !== null && this.#pages < lastPage && !this.#isSpent()) {
      page = await this.#page(room, next, messages === 0);
      if (page === null) break;
      const fresh = page.messages
        .filter(({ seq }) => seq === undefined || seq > after_seq);
      messages += fresh.length;
      oldest = fresh[0] ?? oldest;
      complete = !page.has_more || fresh.length < page.messages.length;
      yield fresh;
      next = complete ? null : page.earlier ?? null;
    }
    const back_to = oldest?.timestamp;
    this.looked.push({ room, messages, complete, ...defined({ back_to }) });
  }

  /** Pages for one of so many rooms. */
  #share(rooms: number): number {
    return Math.ceil(Math.max(0, MOST.pages - this.#pages) / rooms);
  }

  #isSpent(): boolean {
    return this.#bytes >= MOST.bytes ||
      this.#clock.monotonic() >= this.#deadline;
  }

  /** A page; null where the relay, asked for one more, does not give it. */
  async #page(
    room: RoomName,
    place: EarlierPage,
    isFirst: boolean,
  ): Promise<HistoryPage | null> {
    this.#pages++;
    try {
      const limit = WIRE.historyPage;
      const page = await this.#api.history({ room, limit, ...place });
      for (const { text } of page.messages) {
        this.#bytes += utf8Bytes(text) + ROW_BYTES;
      }
      return page;
    } catch (thrown) {
      if (isFirst || !(thrown instanceof Failure)) throw thrown;
      return null;
    }
  }
}
