import type {
  Gap,
  MessagesPage,
  MessagesQuery,
  ReadRequest,
} from "../../lib/local_api/types/mailbox.ts";
import type { ReceivedMessage } from "../../lib/local_api/types/messages.ts";
import type { WhoAmI } from "../../lib/local_api/types/daemon.ts";
import type { MailboxDatabase } from "./database.ts";
import { GapList } from "./gap_list.ts";
import { LastPage } from "./last_page.ts";
import {
  KeptMessages,
  type NewMessage,
  type Written,
} from "./kept_messages.ts";
import { Mentions } from "./mentions.ts";
import { MessageFiles } from "./message_files.ts";
import { MessageFinder } from "./message_finder.ts";
import { MessagePages, WHERE } from "./message_pages.ts";
import { WantedReceipts } from "./wanted_receipts.ts";
import { withShownIds } from "./message_rows.ts";
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
  readonly #lastPage: LastPage;
  readonly #unread: Statement;
  readonly #search: WordSearch;
  /** The messages that queries ask for. */
  readonly pages: MessagePages;
  /** Single messages by what they are called. */
  readonly finder: MessageFinder;
  readonly receipts: WantedReceipts;
  /** The files that go with messages. */
  readonly files: MessageFiles;
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
    this.#unread = database.prepare(
      `SELECT m.room AS room, count(*) AS count ${WHERE} GROUP BY m.room`,
    );
    this.#search = new WordSearch(database);
    this.finder = new MessageFinder(database);
    this.receipts = new WantedReceipts(database);
    this.files = new MessageFiles(database);
    this.mentions = new Mentions(options.me, this.#seen);
    this.pages = new MessagePages(database, this.mentions);
    this.#lastPage = new LastPage(database, this.finder);
  }

  /** Takes a message in, and lets the oldest go; null when it was had already. */
  add({ wantsReceipt, ...message }: NewMessage): ReceivedMessage | null {
    return this.#database.transaction(() => {
      if (this.#seen.has(message)) return null;
      const cursor = this.#kept.add(message, "others");
      if (wantsReceipt) this.receipts.add(cursor);
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

  /** Takes in a message that was noted as had when it came sealed: one of another's, or of our own. */
  addOpened(
    { wantsReceipt, ...message }: NewMessage,
    written: Written,
  ): ReceivedMessage {
    return this.#database.transaction(() => {
      const cursor = this.#kept.add(message, written);
      if (wantsReceipt) this.receipts.add(cursor);
      this.finder.shortIds.add(cursor, message);
      if (written === "others") this.#gaps.close(message.room, cursor);
      return withShownIds({ cursor, ...message });
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

  /** Notes that messages are missing behind the room's newest one. @param why where it is known */
  addGap(
    room: string,
    count: number | undefined,
    why: Pick<Gap, "removed"> = {},
  ): void {
    this.#database.transaction(() => {
      const after = numberOf(this.#newestOf.get(room), "cursor");
      const forgotten = this.#gaps.add(room, { ...why, count, after });
      if (forgotten !== undefined) {
        this.#marks.drop(forgotten.room, forgotten);
      }
    });
  }

  /** A part of what the query asks for, or the page that was shown last; moves nothing. */
  page(query: MessagesQuery): MessagesPage {
    if (query.again) return this.#lastPage.page();
    const { messages, count } = this.pages.page(query);
    const { room, after } = query;
    return {
      messages,
      remaining: count - messages.length,
      dropped: this.#marks.dropped(room),
      gaps: this.#gaps.list(defined({ room, after })),
    };
  }

  /** How many messages the query asks for. */
  count(query: MessagesQuery): number {
    return this.pages.count(query);
  }

  /**
   * Marks every message of the room, or of all, up to the cursor as read, the messages of `cursors` alone, and `gaps` as
   * shown. A cursor not yet given out is cut to the last. What was shown can be had {@link page again}.
   */
  read({ cursor, cursors, room, gaps, shown = cursors }: ReadRequest): void {
    this.#database.durably(() => {
      if (shown !== undefined) {
        this.#lastPage.save(shown, {
          gaps: this.#gaps.list(defined({ room })),
          dropped: this.#marks.dropped(room),
        });
      }
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
    return this.finder.byId(id, { from });
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
}
