import { SteadyTime } from "../../lib/steady_time.ts";
import type {
  StoreAnswer,
  StoreReady,
  StoreRequest,
} from "../../relay/store/contract.ts";
import {
  STORE_DEFAULTS,
  type StoreOptions,
} from "../../relay/store/store_options.ts";
import { BlobRetention } from "../../relay/store/blob_rows.ts";
import { isFault } from "../../relay/store/database.ts";
import { openSqlite } from "../../relay/store/open_sqlite.ts";
import {
  type OpenedStore,
  openStore,
  readStart,
} from "../../relay/store/opened_store.ts";
import { FakeStore } from "./fake_store.ts";

/** The relay's real database in memory, which answers at once: it outlives the core that writes to it. */
export class DiskStore extends FakeStore {
  readonly #store: OpenedStore;

  constructor(options: Partial<StoreOptions> = {}) {
    super();
    const store = openStore(":memory:", {
      open: openSqlite,
      options: { ...STORE_DEFAULTS, ...options },
      time: new SteadyTime(3_600_000),
    });
    if (isFault(store)) throw new Error(store.reason);
    this.#store = store;
  }

  override answer(request: StoreRequest): StoreAnswer {
    const { commit, reads } = this.#store;
    if (this.isBroken) return super.answer(request);
    if (
      request.kind === "history" || request.kind === "rest_history" ||
      request.kind === "inbox" || request.kind === "blob" ||
      request.kind === "blobs_known"
    ) {
      return reads.page(request);
    }
    const answers = commit.group([request]);
    if (isFault(answers)) throw new Error(answers.reason);
    return answers[0] as StoreAnswer;
  }

  /** What a relay that starts now finds. */
  ready(): StoreReady {
    return readStart(this.#store.sql);
  }

  /** What no longer is kept at a time goes. */
  expireBlobs(at: number): void {
    new BlobRetention(this.#store.sql).slice(at, 1_000);
  }

  close(): void {
    this.#store.sql.close();
  }
}
