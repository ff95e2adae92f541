import { defined } from "../../../lib/defined.ts";
import { Failure } from "../../../lib/errors.ts";
import type { HistoryMessage } from "../../../lib/local_api/types/messages.ts";
import type { HistoryPage } from "../../../lib/local_api/types/history.ts";
import type { MessageQuery } from "../../../lib/local_api/types/mailbox.ts";
import { WIRE } from "../../../lib/protocol/limits.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import type { Mailbox } from "../../mailbox/mailbox.ts";
import { onlyShort } from "../../mailbox/message_finder.ts";
import { parseShortId } from "../../../lib/protocol/message_id.ts";
import type { Rooms } from "../rooms.ts";
import type { RoomHistory } from "./room_history.ts";

/** A message's number, as it is typed. */
const NUMBER = /^\d{1,15}$/;
/** Most pages that a relay is asked for to find one message, over all rooms. */
const MOST_PAGES = 12;

export interface MessageLookupOptions {
  readonly mailbox: Pick<Mailbox, "finder">;
  readonly rooms: Pick<Rooms, "all">;
  readonly history: Pick<RoomHistory, "page" | "rooms" | "listed">;
}

/** Which message a word means: one of the mailbox, else one of the relay's history. */
export class MessageLookup {
  readonly #options: MessageLookupOptions;

  constructor(options: MessageLookupOptions) {
    this.#options = options;
  }

  /**
   * The message that a word means. A number is a cursor and a short id is one first, so that nobody can take their place
   * with an id of their own choice.
   *
   * Rejects with a `Failure`: NOT_FOUND, ID_AMBIGUOUS, SHORT_ID_AMBIGUOUS.
   */
  async find(query: MessageQuery): Promise<HistoryMessage> {
    const start = parseShortId(query.id);
    const here = this.#shortInMailbox(query, start) ??
      (start === null ? this.#idInMailbox(query) : undefined);
    if (here !== undefined) return here;
    const listed = await this.#listed(query, start);
    if (listed !== undefined) return listed;
    // An id that its author made like a short one stands behind every short one, those of the relay too.
    const there = await this.#inHistory(query, start);
    const found = there.short ??
      (start === null ? undefined : this.#idInMailbox(query)) ?? there.byId;
    if (found !== undefined) return found;
    throw notFound(query);
  }

  #shortInMailbox(
    { id, from = "", room }: MessageQuery,
    start: string | null,
  ): HistoryMessage | undefined {
    const { finder } = this.#options.mailbox;
    const at = NUMBER.test(id) ? finder.at(Number(id)) : undefined;
    const isMeant = at?.from.startsWith(from) && (room ?? at.room) === at.room;
    if (isMeant) return at;
    return start === null ? undefined : finder.byShort(start, { from, room });
  }

  #idInMailbox({ id, from, room }: MessageQuery): HistoryMessage | undefined {
    const { finder } = this.#options.mailbox;
    try {
      return finder.byId(id, { from, room });
    } catch (error) {
      if (error instanceof Failure && error.code === "NOT_FOUND") {
        return undefined;
      }
      throw error;
    }
  }

  /** Where a history that was looked at listed it, however far back. */
  async #listed(
    query: MessageQuery,
    start: string | null,
  ): Promise<HistoryMessage | undefined> {
    if (start === null) return undefined;
    const { history } = this.#options;
    const found = new Map<string, HistoryMessage>();
    for (const { room, seq } of history.listed.at(start, query.room)) {
      const page = await this.#page(room, { before: seq + 1, limit: 1 });
      const { short } = matching(query, start, page?.messages ?? []);
      if (short !== undefined) found.set(`${short.from} ${short.id}`, short);
    }
    return onlyShort(start, [...found.values()]);
  }

  /** Breadth first: the newest page of each room, then the one before it. */
  async #inHistory(
    query: MessageQuery,
    start: string | null,
  ): Promise<Found> {
    if (NUMBER.test(query.id)) return {};
    let byId: HistoryMessage | undefined;
    let rooms = this.#roomsOf(query).map((room) => ({ room, before: 0 }));
    for (let asked = 0; rooms.length > 0 && asked < MOST_PAGES;) {
      const next: typeof rooms = [];
      for (const { room, before } of rooms.slice(0, MOST_PAGES - asked)) {
        asked++;
        const page = await this.#page(room, {
          before,
          limit: WIRE.historyPage,
        });
        const found = matching(query, start, page?.messages ?? []);
        if (found.short !== undefined) return found;
        byId ??= found.byId;
        if (byId !== undefined && start === null) return { byId };
        const first = page?.earlier?.before_seq;
        if (first !== undefined) {
          next.push({ room, before: first });
        }
      }
      rooms = next;
    }
    return defined({ byId });
  }

  /** The room that is named, else those whose history was looked at, the last one first, then those this agent is in. */
  #roomsOf({ room }: MessageQuery): RoomName[] {
    if (room !== undefined) return [room];
    const { history, rooms } = this.#options;
    const own = rooms.all().map(({ name }) => name);
    return [...new Set([...history.rooms(), ...own])];
  }

  /** A room that has no history now is passed over. */
  async #page(
    room: RoomName,
    { before, limit }: { readonly before: number; readonly limit: number },
  ): Promise<HistoryPage | undefined> {
    try {
      return await this.#options.history.page({
        room,
        limit,
        ...(before === 0 ? {} : { before_seq: before }),
      });
    } catch (error) {
      if (error instanceof Failure) return undefined;
      throw error;
    }
  }
}

/** What a word names in a history: by its short id, or by the id that its author chose. */
interface Found {
  readonly short?: HistoryMessage;
  readonly byId?: HistoryMessage;
}

function matching(
  { id, from = "" }: MessageQuery,
  start: string | null,
  messages: readonly HistoryMessage[],
): Found {
  const theirs = messages.filter((one) => one.from.startsWith(from));
  const alike = start === null
    ? []
    : theirs.filter(({ short_id = "" }) => short_id.startsWith(start));
  const same = theirs.filter((one) => one.id === id);
  return defined({
    short: onlyShort(start ?? "", alike),
    byId: onlyShort(id, same),
  });
}

function notFound({ id, from, room }: MessageQuery): Failure {
  const whose = from === undefined ? "" : ` of '${from.slice(0, 128)}'`;
  const where = room === undefined ? "" : ` of #${room}`;
  return new Failure("NOT_FOUND", {
    fields: {
      what: `message '${id.slice(0, 128)}'${whose} in the mailbox or ` +
        `in the newest pages of the relay's history${where}`,
      fix: room === undefined
        ? "see what there is: agentnet messages --all; or name its room: --room ROOM"
        : "see what there is: agentnet messages --all, agentnet history ROOM",
    },
  });
}
