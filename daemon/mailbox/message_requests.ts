import { defined } from "../../lib/defined.ts";
import {
  type MessageKind,
  messageKind,
} from "../../lib/protocol/message_kind.ts";
import {
  numberOf,
  type SqlRow,
  type Statement,
  textOf,
  textOrNone,
} from "../../lib/sql/sql.ts";
import { type KeptFile, keptFileOf, writeFile } from "./file_column.ts";
import type { MailboxDatabase } from "./database.ts";

/** What an agent wrote that is not known here. */
export interface MessageRequest {
  readonly from: string;
  readonly id: string;
  readonly from_name: string;
  readonly text: string;
  readonly kind?: MessageKind;
  readonly file?: KeptFile;
  readonly timestamp: number;
  readonly received_at: number;
}

/** So many strangers' requests wait; more stay at the relay. */
const MOST_REQUESTS = 100;

/** What strangers wrote, one message each, until it is accepted or dropped. Every method throws FILE_TROUBLE. */
export class MessageRequests {
  readonly #all: Statement;
  readonly #get: Statement;
  readonly #add: Statement;
  readonly #remove: Statement;
  readonly #count: Statement;

  constructor(database: MailboxDatabase) {
    this.#all = database.prepare(
      "SELECT * FROM message_requests ORDER BY received_at, author",
    );
    this.#get = database.prepare(
      "SELECT * FROM message_requests WHERE author = ?",
    );
    this.#add = database.prepare(
      `INSERT OR IGNORE INTO message_requests
         (author, id, author_name, text, kind, timestamp, received_at, file)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#remove = database.prepare(
      "DELETE FROM message_requests WHERE author = ?",
    );
    this.#count = database.prepare(
      "SELECT count(*) AS count FROM message_requests",
    );
  }

  /** The earliest first. */
  all(): MessageRequest[] {
    return this.#all.all().map(requestOf);
  }

  of(agent: string): MessageRequest | undefined {
    const row = this.#get.get(agent);
    return row === undefined ? undefined : requestOf(row);
  }

  /** Whether no more are kept. */
  isFull(): boolean {
    return numberOf(this.#count.get(), "count") >= MOST_REQUESTS;
  }

  /** Keeps one, where none of that agent waits and there is room. @returns whether it is kept */
  add(request: MessageRequest): boolean {
    if (this.isFull()) return false;
    const { from, id, from_name, text, kind, file } = request;
    const { changes } = this.#add.run(
      ...[from, id, from_name, text, kind ?? null],
      ...[request.timestamp, request.received_at, writeFile(file)],
    );
    return Number(changes) > 0;
  }

  remove(agent: string): void {
    this.#remove.run(agent);
  }
}

function requestOf(row: SqlRow): MessageRequest {
  return {
    from: textOf(row, "author"),
    id: textOf(row, "id"),
    from_name: textOf(row, "author_name"),
    text: textOf(row, "text"),
    timestamp: numberOf(row, "timestamp"),
    received_at: numberOf(row, "received_at"),
    ...defined({
      kind: messageKind(textOrNone(row, "kind")),
      file: keptFileOf(row),
    }),
  };
}
