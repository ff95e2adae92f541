import { DIRECT } from "../../lib/protocol/limits.ts";
import { utf8Bytes } from "../../lib/protocol/names.ts";
import {
  numberOf,
  type Sql,
  type SqlRow,
  type Statement,
  textOf,
} from "../../lib/sql/sql.ts";
import type { StoreAnswer } from "./contract.ts";
import type {
  InboxRead,
  StoreDirect,
  StoreInboxTaken,
} from "./inbox_contract.ts";

/** What all inboxes hold together, in bytes of frames. */
const MOST_BYTES = 2 ** 30;
/** Rows of one agent at most, with those of strangers' messages that it has: they keep each of them to one. */
const MOST_ROWS = 1_000;
/** Receipts that wait in one inbox, and how large each may be; they count for themselves. */
const MOST_RECEIPTS = 100;
const MOST_RECEIPT_BYTES = 16_384;
/** Whom one agent knows at most: of more, the ones longest known go. */
const MOST_KNOWN = 5_000;
/** Whom an agent has not written to for so long it knows no more. */
const KNOWN_MS = 365 * 24 * 3_600_000;

type Failed = Extract<StoreAnswer, { readonly kind: "failed" }>;

/**
 * Inboxes: what waits for an agent until it says that it has it, and whom an agent knows, from whom it takes more than
 * one paid message. All that is decided follows from the rows and the times that came with them, so that all views of a
 * log are the same.
 */
export class InboxRows {
  readonly #expire: Statement;
  readonly #earlier: Statement;
  readonly #knows: Statement;
  readonly #held: Statement;
  readonly #waits: Statement;
  readonly #total: Statement;
  readonly #insert: Statement;
  readonly #remove: Statement;
  readonly #empty: Statement;
  readonly #note: Statement;
  readonly #count: Statement;
  readonly #forget: Statement;
  readonly #accept: Statement;
  readonly #forgive: Statement;
  readonly #replace: Statement;
  readonly #oldest: Statement;

  constructor(sql: Sql) {
    this.#expire = sql.prepare(
      "DELETE FROM inbox WHERE recipient = ? AND received_at < ?",
    );
    this.#earlier = sql.prepare(
      "SELECT recipient, text_hash, received_at FROM inbox WHERE author = ? AND id = ?",
    );
    this.#knows = sql.prepare(
      "SELECT at FROM known WHERE owner = ? AND agent = ?",
    );
    this.#held = sql.prepare(
      `SELECT coalesce(sum(request < 3), 0) AS rows,
         coalesce(sum(request < 2), 0) AS messages,
         coalesce(sum(bytes * (request < 3)), 0) AS bytes,
         coalesce(sum(request = 1), 0) AS requests,
         coalesce(sum(request = 3), 0) AS receipts
       FROM inbox WHERE recipient = ?`,
    );
    this.#waits = sql.prepare(
      "SELECT n FROM inbox WHERE recipient = ? AND author = ? AND request IN (1, 2)",
    );
    this.#total = sql.prepare("SELECT bytes FROM inbox_bytes");
    this.#insert = sql.prepare(
      `INSERT INTO inbox (recipient, author, id, author_name, text_hash,
         received_at, request, frame, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#remove = sql.prepare(
      "DELETE FROM inbox WHERE recipient = ? AND author = ? AND id = ? AND request IN (0, 3)",
    );
    this.#empty = sql.prepare(
      `UPDATE inbox SET request = 2, frame = '', bytes = 0
       WHERE recipient = ? AND author = ? AND id = ? AND request = 1`,
    );
    this.#note = sql.prepare("INSERT OR REPLACE INTO known VALUES (?, ?, ?)");
    this.#count = sql.prepare(
      "SELECT count(*) AS known FROM known WHERE owner = ?",
    );
    this.#forget = sql.prepare(
      `DELETE FROM known WHERE owner = ? AND agent =
         (SELECT agent FROM known WHERE owner = ? ORDER BY at, agent LIMIT 1)`,
    );
    this.#accept = sql.prepare(
      "UPDATE inbox SET request = 0 WHERE recipient = ? AND author = ? AND request = 1",
    );
    this.#forgive = sql.prepare(
      "DELETE FROM inbox WHERE recipient = ? AND author = ? AND request = 2",
    );
    this.#replace = sql.prepare(
      "DELETE FROM inbox WHERE recipient = ? AND author = ? AND request = 3",
    );
    this.#oldest = sql.prepare(
      `DELETE FROM inbox WHERE n =
         (SELECT min(n) FROM inbox WHERE recipient = ? AND request = 3)`,
    );
  }

  /** @throws node:sqlite's errors: the transaction, or the savepoint, must then be rolled back. */
  put(write: StoreDirect): StoreAnswer {
    const { token, to, from, id, received_at } = write;
    this.#expire.run(to, received_at - DIRECT.inboxMs);
    const earlier = this.#earlier.get(from, id);
    if (earlier !== undefined) return repeated(write, earlier);
    const isRequest = this.#knows.get(to, from) === undefined;
    if (write.isReceipt) return this.#putReceipt(write, isRequest);
    const why = (isRequest ? this.#requestRefusal(write) : null) ??
      this.#fullness(write);
    if (why !== null) {
      return { kind: "failed", token, why, reason: "the inbox takes it not" };
    }
    this.#add(write, isRequest ? 1 : 0);
    this.#know(from, to, received_at);
    return { kind: "stored", token, received_at };
  }

  /** Never in the way of messages: one an author, few in all, and none of who is not known, which he is not told. */
  #putReceipt(write: StoreDirect, isStranger: boolean): StoreAnswer {
    const { token, to, from, frame, received_at } = write;
    const isOver = utf8Bytes(frame) > MOST_RECEIPT_BYTES ||
      numberOf(this.#total.get(), "bytes") + utf8Bytes(frame) > MOST_BYTES;
    if (isStranger || isOver) {
      return { kind: "stored", token, received_at, duplicate: true };
    }
    this.#replace.run(to, from);
    if (this.#heldBy(to).receipts >= MOST_RECEIPTS) this.#oldest.run(to);
    this.#add(write, 3);
    return { kind: "stored", token, received_at };
  }

  #add(write: StoreDirect, request: number): void {
    const { to, from, id, from_name, text_hash, received_at, frame } = write;
    this.#insert.run(
      ...[to, from, id, from_name, text_hash, received_at],
      ...[request, frame, utf8Bytes(frame)],
    );
  }

  /** @throws node:sqlite's errors, as {@link put}. */
  take(
    { token, recipient, messages, knows, at }: StoreInboxTaken,
  ): StoreAnswer {
    for (const { from, id } of messages) {
      this.#remove.run(recipient, from, id);
      this.#empty.run(recipient, from, id);
    }
    for (const agent of knows) {
      this.#know(recipient, agent, at);
      this.#accept.run(recipient, agent);
      this.#forgive.run(recipient, agent);
    }
    return { kind: "stored", token };
  }

  #requestRefusal(
    { to, from, frame, isPaid }: StoreDirect,
  ): Failed["why"] | null {
    if (!isPaid) return "postage";
    if (utf8Bytes(frame) > DIRECT.requestBytes + REST_OF_FRAME) {
      return "too_large";
    }
    if (this.#waits.get(to, from) !== undefined) return "waits";
    const { requests, rows } = this.#heldBy(to);
    const isFull = requests >= DIRECT.inboxRequests || rows >= MOST_ROWS;
    return isFull ? "full" : null;
  }

  #fullness({ to, frame }: StoreDirect): Failed["why"] | null {
    const more = utf8Bytes(frame);
    const { messages, bytes } = this.#heldBy(to);
    const isFull = messages >= DIRECT.inboxMessages ||
      bytes + more > DIRECT.inboxBytes ||
      numberOf(this.#total.get(), "bytes") + more > MOST_BYTES;
    return isFull ? "full" : null;
  }

  #heldBy(recipient: string) {
    const row = this.#held.get(recipient);
    return {
      rows: numberOf(row, "rows"),
      messages: numberOf(row, "messages"),
      bytes: numberOf(row, "bytes"),
      requests: numberOf(row, "requests"),
      receipts: numberOf(row, "receipts"),
    };
  }

  #know(owner: string, agent: string, at: number): void {
    const isNew = this.#knows.get(owner, agent) === undefined;
    const isFull = isNew &&
      numberOf(this.#count.get(owner), "known") >= MOST_KNOWN;
    if (isFull) this.#forget.run(owner, owner);
    this.#note.run(owner, agent, at);
  }
}

/** What goes with a text in its frame: ids, names of fields, nonce, postage, signature. */
const REST_OF_FRAME = 1_024;

/** Removes what waited, or was known, for too long. */
export class InboxRetention {
  readonly #old: Statement;
  readonly #unknown: Statement;

  constructor(sql: Sql) {
    this.#old = sql.prepare(
      "DELETE FROM inbox WHERE n IN (SELECT n FROM inbox WHERE received_at < ? LIMIT ?)",
    );
    this.#unknown = sql.prepare(
      `DELETE FROM known WHERE (owner, agent) IN
         (SELECT owner, agent FROM known WHERE at < ? LIMIT ?)`,
    );
  }

  /** @returns how many rows went, at most so many of each kind. @throws node:sqlite's errors. */
  slice(now: number, most: number): number {
    return Number(this.#old.run(now - DIRECT.inboxMs, most).changes) +
      Number(this.#unknown.run(now - KNOWN_MS, most).changes);
  }
}

/** What waits for an agent, from what is committed. */
export class InboxReads {
  readonly #waiting: Statement;

  constructor(sql: Sql) {
    this.#waiting = sql.prepare(
      `SELECT frame, author_name, received_at FROM inbox
       WHERE recipient = ? AND request <> 2 AND received_at >= ? ORDER BY n`,
    );
  }

  /** @throws node:sqlite's errors. */
  page({ token, recipient, at }: InboxRead): StoreAnswer {
    const rows = this.#waiting.all(recipient, at - DIRECT.inboxMs);
    const messages = rows.map((row) => ({
      seq: 0,
      frame: textOf(row, "frame"),
      from_name: textOf(row, "author_name"),
      received_at: numberOf(row, "received_at"),
    }));
    return { kind: "page", token, messages, has_more: false };
  }
}

function repeated(
  { token, to, text_hash }: StoreDirect,
  earlier: SqlRow,
): StoreAnswer {
  const isSame = textOf(earlier, "recipient") === to &&
    textOf(earlier, "text_hash") === text_hash;
  if (isSame) {
    const received_at = numberOf(earlier, "received_at");
    return { kind: "stored", token, received_at, duplicate: true };
  }
  const reason = "its author used this id for another message";
  return { kind: "failed", token, why: "conflict", reason };
}
