import { type Writer, writerOf } from "../../lib/protocol/written_by.ts";
import type { SentMessage } from "../../lib/local_api/types/sends.ts";
import type { MessageText } from "../../lib/protocol/message_text.ts";
import {
  type MessageKind,
  messageKind,
} from "../../lib/protocol/message_kind.ts";
import type { RoomName } from "../../lib/protocol/names.ts";
import { messageTextOf, roomNameOf } from "./checked_columns.ts";
import { type SentFile, sentFileOf, writeFile } from "./file_column.ts";
import type { MailboxDatabase } from "./database.ts";
import {
  numberOf,
  numberOrNone,
  type SqlRow,
  type Statement,
  textOf,
  textOrNone,
} from "../../lib/sql/sql.ts";

export type SendStatus = SentMessage["status"];

/** One send as it stands on disk. */
export interface LoggedSend {
  /** Grows with each send. */
  readonly n: number;
  readonly id: string;
  readonly room: RoomName;
  readonly text: MessageText;
  readonly replyTo: string | undefined;
  readonly kind?: MessageKind | undefined;
  readonly writtenBy?: Writer | undefined;
  readonly file?: SentFile | undefined;
  readonly createdAt: number;
  readonly status: SendStatus;
  readonly reason: string | undefined;
  readonly seq: number | undefined;
  /** What was handed over to a private room: repeated, it is the same. */
  readonly sealed?: string | undefined;
  /** Whether its readers were asked to tell that they have it. */
  readonly receipt?: boolean | undefined;
  /** How many others were in the room when the relay took it. */
  readonly others?: number | undefined;
}

/** How many sends that came to an end are remembered. */
const MOST_ENDED = 200;
/** Those of unknown outcome may still be repeated, so they stay longer: ten minutes of three a second. */
const MOST_UNKNOWN = 2_000;

/** The sends to one relay: those that wait, and the last ones that don't. */
export class SendLog {
  readonly #relay: string;
  readonly #insert: Statement;
  readonly #byId: Statement;
  readonly #open: Statement;
  readonly #last: Statement;
  readonly #settle: Statement;
  readonly #count: Statement;
  readonly #prune: Statement;

  constructor(database: MailboxDatabase, relay: string) {
    this.#relay = relay;
    this.#insert = database.prepare(
      `INSERT OR REPLACE INTO sends (relay, id, room, text, reply_to, kind, written_by, created_at, status, receipt, file)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#byId = database.prepare(
      "SELECT * FROM sends WHERE relay = ? AND id = ?",
    );
    this.#open = database.prepare(
      `SELECT * FROM sends WHERE relay = ? AND status IN ('queued', 'unknown')
       ORDER BY n`,
    );
    this.#last = database.prepare(
      "SELECT * FROM sends WHERE relay = ? ORDER BY n DESC LIMIT ?",
    );
    this.#settle = database.prepare(
      `UPDATE sends SET status = ?1, reason = ?2, seq = ?3, sealed =
         CASE ?1 WHEN 'unknown' THEN coalesce(?6, sealed) END,
         others = coalesce(?7, others)
       WHERE relay = ?4 AND id = ?5`,
    );
    this.#count = database.prepare(
      "SELECT count(*) AS count FROM sends WHERE relay = ? AND status = 'queued'",
    );
    this.#prune = database.prepare(
      `DELETE FROM sends WHERE n <= (SELECT max(n) FROM sends) -
         CASE status WHEN 'unknown' THEN ${MOST_UNKNOWN} ELSE ${MOST_ENDED} END
         AND status <> 'queued'`,
    );
  }

  /** A new send, or one that failed tried anew: it goes to the end of the queue. */
  add(
    send: Omit<LoggedSend, "n" | "reason" | "seq">,
  ): LoggedSend {
    const { lastInsertRowid } = this.#insert.run(
      this.#relay,
      send.id,
      send.room,
      send.text,
      send.replyTo ?? null,
      send.kind ?? null,
      send.writtenBy ?? null,
      send.createdAt,
      send.status,
      send.receipt ? 1 : 0,
      writeFile(send.file),
    );
    this.#prune.run();
    return {
      ...send,
      n: Number(lastInsertRowid),
      reason: undefined,
      seq: undefined,
    };
  }

  settle(
    id: string,
    outcome: Pick<LoggedSend, "status"> & Partial<LoggedSend>,
  ): void {
    const { status, reason, seq, sealed, others } = outcome;
    this.#settle.run(
      ...[status, reason ?? null, seq ?? null, this.#relay, id],
      ...[sealed ?? null, others ?? null],
    );
  }

  byId(id: string): LoggedSend | undefined {
    const row = this.#byId.get(this.#relay, id);
    return row === undefined ? undefined : sendOf(row);
  }

  /** Those that wait or have no known outcome, in the order in which they were made. */
  open(): LoggedSend[] {
    return this.#open.all(this.#relay).map(sendOf);
  }

  /** The last ones, newest first. */
  last(limit: number): LoggedSend[] {
    return this.#last.all(this.#relay, limit).map(sendOf);
  }

  get queued(): number {
    return numberOf(this.#count.get(this.#relay), "count");
  }
}

function sendOf(row: SqlRow): LoggedSend {
  return {
    n: numberOf(row, "n"),
    id: textOf(row, "id"),
    room: roomNameOf(row, "room"),
    text: messageTextOf(row, "text"),
    replyTo: textOrNone(row, "reply_to"),
    kind: messageKind(textOrNone(row, "kind")),
    writtenBy: writerOf(textOrNone(row, "written_by")),
    file: sentFileOf(row),
    createdAt: numberOf(row, "created_at"),
    status: textOf(row, "status") as SendStatus,
    reason: textOrNone(row, "reason"),
    seq: numberOrNone(row, "seq"),
    sealed: textOrNone(row, "sealed"),
    receipt: numberOf(row, "receipt") === 1,
    others: numberOrNone(row, "others"),
  };
}
