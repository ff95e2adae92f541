import type { Gap } from "../../lib/local_api/types/mailbox.ts";
import { roomNameOf } from "./checked_columns.ts";
import type { MailboxDatabase } from "./database.ts";
import {
  numberOf,
  numberOrNone,
  type SqlRow,
  type Statement,
  textOf,
} from "../../lib/sql/sql.ts";
import { defined } from "../../lib/defined.ts";

/** A gap that had to make room for others. */
export interface ForgottenGap {
  readonly room: string;
  readonly count: number;
  readonly upto: number;
}

/** Most gaps that are told apart. */
const MOST = 1_000;

/** Where messages of a room are missing. */
export class GapList {
  readonly #open: Statement;
  readonly #widen: Statement;
  readonly #insert: Statement;
  readonly #close: Statement;
  readonly #shown: Statement;
  readonly #past: Statement;
  readonly #unread: Statement;
  readonly #after: Statement;
  readonly #oldest: Statement;
  readonly #remove: Statement;

  constructor(database: MailboxDatabase) {
    this.#open = database.prepare(
      "SELECT * FROM gaps WHERE room = ? AND removed = ? AND before_cursor = 0",
    );
    this.#widen = database.prepare("UPDATE gaps SET count = ? WHERE n = ?");
    this.#insert = database.prepare(
      "INSERT INTO gaps (room, removed, count, after_cursor, before_cursor) VALUES (?, ?, ?, ?, 0)",
    );
    this.#close = database.prepare(
      "UPDATE gaps SET before_cursor = ? WHERE room = ? AND before_cursor = 0",
    );
    this.#shown = database.prepare(
      `DELETE FROM gaps WHERE room = ? AND removed = ? AND after_cursor = ? AND before_cursor = 0
         AND count IS ?`,
    );
    this.#past = database.prepare(
      `DELETE FROM gaps WHERE before_cursor > 0 AND before_cursor <=
         coalesce((SELECT read_cursor FROM marks k WHERE k.room = gaps.room), 0)`,
    );
    this.#unread = database.prepare(
      "SELECT * FROM gaps WHERE (?1 IS NULL OR room = ?1) ORDER BY n",
    );
    this.#after = database.prepare(
      `SELECT * FROM gaps WHERE (?1 IS NULL OR room = ?1)
       AND (before_cursor = 0 OR before_cursor > ?2) ORDER BY n`,
    );
    this.#oldest = database.prepare(
      `SELECT * FROM gaps WHERE (SELECT count(*) FROM gaps) > ${MOST}
       ORDER BY n LIMIT 1`,
    );
    this.#remove = database.prepare("DELETE FROM gaps WHERE n = ?");
  }

  /**
   * Notes that messages are missing after the room's newest one; two such in a row, for the same reason, are one.
   *
   * @param gap.count undefined when nobody knows.
   * @returns the oldest gap of all when there were too many, which is noted no longer.
   */
  add(
    room: string,
    gap: Pick<Gap, "after" | "removed"> & {
      readonly count: number | undefined;
    },
  ): ForgottenGap | undefined {
    const of = [room, gap.removed ? 1 : 0];
    const open = this.#open.get(...of);
    if (open === undefined) {
      this.#insert.run(...of, gap.count ?? null, gap.after);
    } else {
      const had = numberOrNone(open, "count");
      const known = had !== undefined && gap.count !== undefined;
      this.#widen.run(known ? had + gap.count : null, numberOf(open, "n"));
    }
    return this.#shrink();
  }

  /** A message came after the room's gap, if there is one. */
  close(room: string, cursor: number): void {
    this.#close.run(cursor, room);
  }

  /** Forgets one that no message has come after, just as it was shown. */
  shown({ room, removed, count, after }: Gap): void {
    this.#shown.run(room, removed ? 1 : 0, after, count ?? null);
  }

  /** Forgets those that were read past. */
  tidy(): void {
    this.#past.run();
  }

  /** Those not yet read past; with `after`, those that end behind that cursor. */
  list(query: { readonly room?: string; readonly after?: number }): Gap[] {
    const room = query.room ?? null;
    const rows = query.after === undefined
      ? this.#unread.all(room)
      : this.#after.all(room, query.after);
    return rows.map(gapOf);
  }

  #shrink(): ForgottenGap | undefined {
    const row = this.#oldest.get();
    if (row === undefined) return undefined;
    this.#remove.run(numberOf(row, "n"));
    return {
      room: textOf(row, "room"),
      count: numberOrNone(row, "count") ?? 1,
      upto: numberOf(row, "before_cursor"),
    };
  }
}

function gapOf(row: SqlRow): Gap {
  const count = numberOrNone(row, "count");
  return {
    room: roomNameOf(row, "room"),
    ...defined({ count }),
    after: numberOf(row, "after_cursor"),
    before: numberOf(row, "before_cursor"),
    ...(numberOf(row, "removed") === 1 ? { removed: true } : {}),
  };
}
