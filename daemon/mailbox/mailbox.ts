import type {
  MessagesPage,
  MessagesQuery,
  ReadRequest,
  ReceivedMessage,
  WhoAmI,
} from "../../lib/local_api/types.ts";
import type { MailboxDatabase } from "./database.ts";
import { GapList } from "./gap_list.ts";
import { KeptMessages, type NewMessage } from "./kept_messages.ts";
import { Mentions } from "./mentions.ts";
import { hasFilter, isWanted } from "./message_filter.ts";
import { MessageFinder } from "./message_finder.ts";
import { messageOf, withShownIds } from "./message_rows.ts";
import { ReadMarks } from "./read_marks.ts";
import { SeenIds } from "./seen_ids.ts";
import { numberOf, type Statement, textOf } from "../../lib/sql/sql.ts";
import { type WordQuery, WordSearch } from "./word_search.ts";
import { defined } from "../../lib/defined.ts";

export interface MailboxOptions {
  readonly me: WhoAmI;
  /** Most messages that are kept. */
  readonly buffer: number;
  /** Most bytes that they may take together; default 32 MB. */
  readonly mostBytes?: number;
}

const MOST_BYTES = 32 * 1024 * 1024;
const PAGE = 50;

/** Room ?1 or any; behind cursor ?2; also what was read when ?3 is 1, and what muted ones and we wrote when ?4 is. */
const WHERE = `FROM messages m WHERE (?1 IS NULL OR m.room = ?1)
  AND m.cursor > ?2 AND (?3 = 1 OR (m.read = 0 AND m.cursor >
    coalesce((SELECT read_cursor FROM marks k WHERE k.room = m.room), 0)))
  AND (?4 = 1 OR (m.own = 0
    AND m.author NOT IN (SELECT id FROM contacts WHERE muted = 1)))`;

/**
 * The messages that came, oldest first, each with a cursor that only grows. Reading moves a mark and destroys nothing;
 * what falls out unread is counted. Every method throws FILE_TROUBLE, and then has changed nothing.
 */
export class Mailbox {
  readonly #database: MailboxDatabase;
  readonly #options: MailboxOptions;
  readonly #seen: SeenIds;
  readonly #marks: ReadMarks;
  readonly #gaps: GapList;
  readonly #kept: KeptMessages;
  readonly #newest: Statement;
  readonly #newestOf: Statement;
  readonly #select: Statement;
  readonly #iterate: Statement;
  readonly #count: Statement;
  readonly #unread: Statement;
  readonly #search: WordSearch;
  /** Single messages by what they are called. */
  readonly finder: MessageFinder;
  /** Which messages are meant for this agent. */
  readonly mentions: Mentions;

  constructor(database: MailboxDatabase, options: MailboxOptions) {
    this.#database = database;
    this.#options = options;
    this.#seen = new SeenIds(database);
    this.#marks = new ReadMarks(database);
    this.#gaps = new GapList(database);
    this.#kept = new KeptMessages(database, {
      ...{ most: options.buffer, mostBytes: options.mostBytes ?? MOST_BYTES },
      marks: this.#marks,
    });
    this.#newest = database.prepare(
      `SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'messages'), 0)
       AS cursor`,
    );
    this.#newestOf = database.prepare(
      "SELECT coalesce(max(cursor), 0) AS cursor FROM messages WHERE room = ?",
    );
    this.#select = database.prepare(
      `SELECT m.* ${WHERE} ORDER BY m.cursor LIMIT ?5`,
    );
    this.#iterate = database.prepare(`SELECT m.* ${WHERE} ORDER BY m.cursor`);
    this.#count = database.prepare(`SELECT count(*) AS count ${WHERE}`);
    this.#unread = database.prepare(
      `SELECT m.room AS room, count(*) AS count ${WHERE} GROUP BY m.room`,
    );
    this.#search = new WordSearch(database);
    this.finder = new MessageFinder(database);
    this.mentions = new Mentions(options.me, this.#seen);
  }

  /** Takes a message in, and lets the oldest go; null when it was had already. */
  add(message: NewMessage): ReceivedMessage | null {
    return this.#database.transaction(() => {
      if (this.#seen.has(message)) return null;
      const cursor = this.#kept.add(message, "others");
      this.#seen.add(message);
      this.finder.shortIds.add(cursor, message);
      this.#gaps.close(message.room, cursor);
      return withShownIds({ cursor, ...message });
    });
  }

  /**
   * Takes one of our own in, read from the start; as many are kept as of others, beside them. A gap stays open: it ends
   * at a message that is shown to who reads on.
   */
  addOwn(message: NewMessage): void {
    this.#database.transaction(() => {
      if (this.#seen.has(message)) return;
      const cursor = this.#kept.add(message, "own");
      this.#seen.add(message);
      this.finder.shortIds.add(cursor, message);
    });
  }

  /** Notes a message that is not kept as had: one that is said to be ours, and nobody signed. */
  remember(message: Pick<NewMessage, "from" | "id" | "verified">): void {
    if (!this.#seen.has(message)) this.#seen.add(message);
  }

  /** Whether the message was had already, in the buffer still or not. */
  has(message: Pick<NewMessage, "from" | "id" | "verified">): boolean {
    return this.#seen.has(message);
  }

  /** Notes that messages are missing behind the room's newest one. */
  addGap(room: string, count: number | undefined): void {
    this.#database.transaction(() => {
      const after = numberOf(this.#newestOf.get(room), "cursor");
      const forgotten = this.#gaps.add(room, { count, after });
      if (forgotten !== undefined) {
        this.#marks.drop(forgotten.room, forgotten);
      }
    });
  }

  /** The oldest that the query asks for; moves nothing. */
  page(query: MessagesQuery): MessagesPage {
    const limit = query.limit ?? PAGE;
    const found = hasFilter(query)
      ? this.#filtered(query, limit)
      : this.#plain(query, limit);
    const { room, after } = query;
    return {
      messages: found.messages,
      remaining: found.count - found.messages.length,
      dropped: this.#marks.dropped(room),
      gaps: this.#gaps.list(defined({ room, after })),
    };
  }

  /** How many messages the query asks for. */
  count(query: MessagesQuery): number {
    return hasFilter(query)
      ? this.#filtered(query, 0).count
      : numberOf(this.#count.get(...bounds(query)), "count");
  }

  /**
   * Marks every message of the room, or of all, up to the cursor as read, the messages of `cursors` alone, and `gaps` as
   * shown. A cursor not yet given out is cut to the last.
   */
  read({ cursor, cursors, room, gaps }: ReadRequest): void {
    this.#database.durably(() => {
      const newest = numberOf(this.#newest.get(), "cursor");
      if (cursor !== undefined) {
        this.#marks.read(Math.min(cursor, newest), room);
      }
      if (cursors !== undefined) this.#marks.readOnly(cursors);
      for (const gap of gaps ?? []) this.#gaps.shown(gap);
      this.#gaps.tidy();
    });
  }

  /** As {@link MessageFinder.byId}. */
  byId(id: string, from = ""): ReceivedMessage {
    return this.finder.byId(id, from);
  }

  /** The id on the wire of what is shown by this one; the same but where that is a message's own number. */
  wireIdOf(id: string): string {
    return this.finder.oddIds.wireIdOf(id);
  }

  /** By what a message can be named here: its id, else its number; "" where it has neither. */
  shownIdOf(message: Pick<NewMessage, "from" | "id">): string {
    return this.finder.oddIds.shownIdOf(message);
  }

  /** Unread messages by room, without those of muted authors; rooms without any are left out. */
  unread(): ReadonlyMap<string, number> {
    const rows = this.#unread.all(null, 0, 0, 0);
    return new Map(
      rows.map((row) => [textOf(row, "room"), numberOf(row, "count")]),
    );
  }

  /** The newest messages that hold all the words, in any case; oldest first. */
  search(query: WordQuery): MessagesPage {
    const { messages, count } = this.#search.newest(query);
    return {
      messages,
      remaining: count - messages.length,
      dropped: 0,
      gaps: [],
    };
  }

  #plain(query: MessagesQuery, limit: number) {
    return {
      messages: this.#select.all(...bounds(query), limit).map(messageOf),
      count: numberOf(this.#count.get(...bounds(query)), "count"),
    };
  }

  #filtered(query: MessagesQuery, limit: number) {
    const messages: ReceivedMessage[] = [];
    let count = 0;
    for (const row of this.#iterate.iterate(...bounds(query))) {
      const message = messageOf(row);
      if (!isWanted(message, query, this.mentions)) continue;
      if (count++ < limit) messages.push(message);
    }
    return { messages, count };
  }
}

/** The values of ?1 to ?4 of {@link WHERE}. */
function bounds(
  query: MessagesQuery,
): [string | null, number, number, number] {
  const all = query.all === true;
  const alsoRead = all || query.after !== undefined;
  return [query.room ?? null, query.after ?? 0, alsoRead ? 1 : 0, all ? 1 : 0];
}
