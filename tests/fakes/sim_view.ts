import assert from "node:assert/strict";
import { SteadyTime } from "../../lib/steady_time.ts";
import { sqliteWaiting, type TransactionSql } from "../../lib/sql/sql.ts";
import type {
  StoreAnswer,
  StoreBatch,
  StoreRead,
  StoreReady,
} from "../../relay/store/contract.ts";
import { isFault } from "../../relay/store/database.ts";
import {
  type OpenedStore,
  openStore,
  readStart,
} from "../../relay/store/opened_store.ts";
import { CLOCK_LASTS_MS } from "../../relay/store/retention.ts";
import { STORE_DEFAULTS } from "../../relay/store/store_options.ts";

/** What a message to one agent stands at in an inbox: `request` as schema.ts has it. */
export interface InboxRow {
  readonly recipient: string;
  readonly author: string;
  readonly id: string;
  readonly request: number;
}

/** A view of a cluster's log by the store's own rules, in memory. What is in it outlives its relay. */
export class SimView {
  readonly #sql = sqliteWaiting(0)(":memory:");
  #store: OpenedStore;

  constructor() {
    this.#store = opened(this.#sql);
  }

  /** What it says of a batch; of one that does not follow upon what it has, that it failed. */
  apply(batch: StoreBatch): StoreAnswer {
    const outcome = this.#store.commit.group([batch]);
    assert.ok(!isFault(outcome), JSON.stringify(outcome));
    const [answer] = outcome;
    const isOutOfPlace = answer?.kind === "failed" && answer.why === "place";
    assert.ok(
      answer?.kind === "batch_stored" || isOutOfPlace,
      JSON.stringify(answer),
    );
    return answer;
  }

  read(read: StoreRead): StoreAnswer {
    return this.#store.reads.page(read);
  }

  /** Its relay was started: nothing is remembered but what stands here. */
  start(): StoreReady {
    this.#store = opened(this.#sql);
    return readStart(this.#sql, this.#store.view);
  }

  /** Changes what stands on the disk behind the program's back. */
  damage(sql: string): void {
    this.#sql.exec(sql);
  }

  close(): void {
    this.#sql.close();
  }

  /** What stands of a message; undefined where it is not there. */
  message(
    author: string,
    id: string,
  ): { room: string; seq: number } | undefined {
    const [row] = this.#rows(
      `SELECT r.name AS room, m.seq FROM messages m JOIN rooms r ON r.id = m.room
       WHERE m.author = ? AND m.id = ? AND r.ended = 0`,
      ...[author, id],
    );
    return row && { room: String(row.room), seq: Number(row.seq) };
  }

  /** All inboxes, in the order in which things came. */
  inbox(): InboxRow[] {
    return this.#rows(
      "SELECT recipient, author, id, request FROM inbox ORDER BY n",
    ) as unknown as InboxRow[];
  }

  /** All that two views of one log must have in common. */
  text(): string {
    const tables = TABLES.map((table) => [table, this.#rows(table)]);
    const entries = this.#rows("SELECT * FROM view_entries ORDER BY key")
      .map(({ key, value }) => [key, sameEverywhere(`${key}`, `${value}`)]);
    return JSON.stringify({ tables, entries }, null, 1);
  }

  #rows(sql: string, ...values: string[]): Record<string, unknown>[] {
    const text = sql.startsWith("SELECT") ? sql : `SELECT * FROM ${sql}`;
    return this.#sql.prepare(text).all(...values);
  }
}

function opened(sql: TransactionSql): OpenedStore {
  const store = openStore(":memory:", {
    open: () => sql,
    options: { ...STORE_DEFAULTS, isView: true },
    time: new SteadyTime(CLOCK_LASTS_MS),
  });
  assert.ok(!isFault(store), JSON.stringify(store));
  return store;
}

const TABLES = [
  ...["rooms", "messages", "nonces", "closed_rooms", "seq_floor"],
  ...["inbox", "inbox_bytes", "known", "view_place", "view_audit"],
];

/** A seat's times are a relay's own. */
function sameEverywhere(key: string, value: string): unknown {
  return key.startsWith("seat") ? Object.keys(JSON.parse(value)) : value;
}
