import { defined } from "../../lib/defined.ts";
import {
  numberOf,
  numberOrNone,
  type SqlRow,
  type Statement,
  textOf,
  textOrNone,
} from "../../lib/sql/sql.ts";
import type { MailboxDatabase } from "./database.ts";

/** That a member of a private room leaves it. */
export interface LeaveWord {
  /** When he said it, by his own clock; milliseconds since 1970. */
  readonly at: number;
  /** The start of the hash of the epoch that he named, hex. */
  readonly epoch: string;
}

/** The last that a member said of leaving, and of coming back. */
export interface MemberWords {
  readonly member: string;
  readonly left?: LeaveWord;
  /** When he asked to be let in last, by his own clock; milliseconds since 1970. */
  readonly back?: number;
}

/** What members of private rooms said of leaving and coming back, one row each. Every method throws FILE_TROUBLE. */
export class LeaveLog {
  readonly #relay: string;
  readonly #all: Statement;
  readonly #save: Statement;
  readonly #remove: Statement;

  constructor(database: MailboxDatabase, relay: string) {
    this.#relay = relay;
    this.#all = database.prepare(
      "SELECT * FROM leave_words WHERE relay = ? AND name = ?",
    );
    this.#save = database.prepare(
      `INSERT OR REPLACE INTO leave_words
         (relay, name, member, left_at, epoch, back_at)
       VALUES (?, ?, ?, ?, ?, ?)`,
    );
    this.#remove = database.prepare(
      "DELETE FROM leave_words WHERE relay = ? AND name = ? AND member = ?",
    );
  }

  all(room: string): MemberWords[] {
    return this.#all.all(this.#relay, room).map(wordsOf);
  }

  /** In place of what was kept of that member. */
  save(room: string, { member, left, back }: MemberWords): void {
    this.#save.run(
      ...[this.#relay, room, member],
      ...[left?.at ?? null, left?.epoch ?? null, back ?? null],
    );
  }

  remove(room: string, member: string): void {
    this.#remove.run(this.#relay, room, member);
  }
}

function wordsOf(row: SqlRow): MemberWords {
  const epoch = textOrNone(row, "epoch");
  const left = epoch === undefined
    ? undefined
    : { at: numberOf(row, "left_at"), epoch };
  const back = numberOrNone(row, "back_at");
  return { member: textOf(row, "member"), ...defined({ left, back }) };
}
