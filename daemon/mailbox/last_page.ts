import type { Gap, MessagesPage } from "../../lib/local_api/types/mailbox.ts";
import { type Sql, type Statement, textOf } from "../../lib/sql/sql.ts";
import type { MessageFinder } from "./message_finder.ts";

/** What was shown beside the messages. */
export interface Losses {
  readonly gaps: readonly Gap[];
  readonly dropped: number;
}

/** What a page held. */
interface Kept extends Losses {
  readonly cursors: readonly number[];
}

const NOTHING: Kept = { cursors: [], gaps: [], dropped: 0 };

/** The page that was shown last and counts as read, so that who lost the print of it sees it once more. */
export class LastPage {
  readonly #finder: Pick<MessageFinder, "at">;
  readonly #save: Statement;
  readonly #get: Statement;

  constructor(
    database: Pick<Sql, "prepare">,
    finder: Pick<MessageFinder, "at">,
  ) {
    this.#finder = finder;
    this.#save = database.prepare(
      "INSERT OR REPLACE INTO last_page (one, page) VALUES (1, ?)",
    );
    this.#get = database.prepare("SELECT page FROM last_page");
  }

  save(cursors: readonly number[], { gaps, dropped }: Losses): void {
    this.#save.run(JSON.stringify({ cursors, gaps, dropped }));
  }

  /** Its messages, but for those that fell out of the buffer since. */
  page(): MessagesPage {
    const row = this.#get.get();
    const { cursors, gaps, dropped } = row === undefined
      ? NOTHING
      : JSON.parse(textOf(row, "page")) as Kept;
    const messages = cursors.flatMap((cursor) => this.#finder.at(cursor) ?? []);
    return { messages, gaps, dropped, remaining: 0 };
  }
}
