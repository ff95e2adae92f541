import type { Clock, Timer } from "../../lib/clock.ts";
import type {
  StoreAnswer,
  StoreRead,
  StoreRequest,
  StoreSays,
  StoreWrite,
} from "./contract.ts";
import type { StoreOptions, StoreState } from "./store_options.ts";
import { isFault } from "./database.ts";
import { GroupCommit } from "./group_commit.ts";
import {
  type OpenedStore,
  openStore,
  readStart,
  tryWriting,
} from "./opened_store.ts";
import { SteadyTime } from "../../lib/steady_time.ts";
import { CLOCK_LASTS_MS } from "./retention.ts";
import type { DatabaseFiles } from "./open_sqlite.ts";
import { ReadQueue } from "./read_queue.ts";
import type { OpenSql, TransactionSql } from "../../lib/sql/sql.ts";
import { Soundness } from "./soundness.ts";
import {
  knownFault,
  type StorageFault,
  storageFault,
} from "./storage_fault.ts";

/** A file that can't be opened is tried again after so long. */
const OPEN_PAUSE_MS = 1_000;
/** Between slices of retention while there is more to remove; and when there was nothing. */
const SLICE_PAUSE_MS = 20;
const REST_PAUSE_MS = 1_000;

export interface ServiceOptions {
  readonly path: string;
  readonly open: OpenSql<TransactionSql>;
  readonly files: DatabaseFiles;
  readonly options: StoreOptions;
  readonly clock: Clock;
  /** To the socket worker. */
  readonly say: (says: StoreSays) => void;
  /** To the keeper; called on change alone. */
  readonly tell: (state: StoreState) => void;
}

/**
 * The store: requests in, answers out. It outlives every fault of its database: while it can't be used, writes
 * are answered as failed, and writing is tried each second until it works, whether or not anybody asks.
 */
export class StoreService {
  readonly #options: ServiceOptions;
  readonly #group: GroupCommit;
  readonly #reads: ReadQueue;
  #store: OpenedStore | undefined;
  #fault: StorageFault = storageFault("not opened yet");
  #told: string | undefined;
  #soundness: Soundness | undefined;
  readonly #time = new SteadyTime(CLOCK_LASTS_MS);
  /** Whether the last write worked, as far as one was tried. */
  #isUsable = true;
  #ready = false;
  #slice: Timer | undefined;
  #reopen: Timer | undefined;

  constructor(options: ServiceOptions) {
    const { clock, say } = options;
    const { commitDelayMs, commitRows, lockedMs, isView } = options.options;
    this.#options = options;
    this.#group = new GroupCommit({
      clock,
      // A batch of a log comes alone, and the next waits for it.
      delayMs: isView ? 0 : commitDelayMs,
      rows: commitRows,
      lockedMs,
      commit: (writes) => this.#commit(writes),
      answer: say,
      tried: () => this.#reads.serve(),
    });
    this.#reads = new ReadQueue({
      clock,
      page: (read) => this.#page(read),
      answer: say,
      writes: this.#group,
    });
  }

  /** Opens the file; says `ready` once that worked, at once or later. */
  start(): void {
    this.#open();
    this.#slice = this.#options.clock.after(
      REST_PAUSE_MS,
      () => this.#retain(),
    );
  }

  /** Takes requests in their order. */
  receive(requests: readonly StoreRequest[]): void {
    let writes: StoreWrite[] = [];
    for (const request of requests) {
      if (isRead(request)) {
        this.#group.add(writes);
        writes = [];
        this.#reads.add(request);
      } else writes.push(request);
    }
    this.#group.add(writes);
    this.#reads.serve();
  }

  /** Commits what waits, closes the file; after that nothing may be received. */
  stop(): void {
    this.#group.finish();
    this.#reads.finish();
    this.#slice?.cancel();
    this.#close();
    this.#reopen?.cancel();
  }

  #open(): boolean {
    if (this.#store) return true;
    this.#reopen?.cancel();
    const { path, open, options } = this.#options;
    const time = this.#time;
    const store = openStore(path, { open, options, time });
    const start = isFault(store) ? store : this.#start(store);
    if (start === null) return true;
    this.#failed(start);
    return false;
  }

  #start(store: OpenedStore): StorageFault | null {
    this.#store = store;
    const { path, files, clock } = this.#options;
    try {
      this.#soundness = new Soundness(path, files, clock.monotonic());
      if (this.#ready) return null;
      this.#options.say(readStart(store.sql, store.view));
      this.#ready = true;
      this.#succeeded();
      return null;
    } catch (error) {
      const fault = storageFault(error);
      return fault.kind === "damaged" ? fault : { ...fault, kind: "broken" };
    }
  }

  #commit(
    writes: readonly StoreWrite[],
  ): readonly StoreAnswer[] | StorageFault {
    const store = this.#store;
    if (!store) return { ...this.#fault, kind: "broken" };
    const outcome = store.commit.group(writes);
    if (isFault(outcome)) this.#failed(outcome);
    else this.#succeeded();
    return outcome;
  }

  #page(read: StoreRead): StoreAnswer {
    const { token } = read;
    try {
      if (this.#store) return this.#store.reads.page(read);
    } catch (error) {
      return this.#pageFailed(read, error);
    }
    const { reason } = this.#fault;
    return { kind: "failed", token, why: "storage", reason };
  }

  /** What SQLite doesn't name is this read's own fault, and no reason to close the file. */
  #pageFailed({ token }: StoreRead, error: unknown): StoreAnswer {
    const known = knownFault(error);
    if (known) this.#failed(known);
    const { reason } = storageFault(error);
    return { kind: "failed", token, why: "storage", reason };
  }

  #retain(): void {
    const { clock } = this.#options;
    const more = this.#slices();
    const pause = more ? SLICE_PAUSE_MS : REST_PAUSE_MS;
    this.#slice = clock.after(pause, () => this.#retain());
  }

  /** One slice, unless the database is in trouble. */
  #slices(): boolean {
    if (!this.#store || this.#group.locked) return false;
    try {
      if (!this.#isSound(this.#store)) return false;
      const { clock } = this.#options;
      const now = { wall: clock.wall(), mono: clock.monotonic() };
      const { retention } = this.#store;
      const outcome = retention.slice(now);
      const rooms = retention.takeRemoved();
      if (rooms.length > 0) this.#options.say({ kind: "removed", rooms });
      if (typeof outcome === "boolean") return outcome;
      this.#failed(outcome);
    } catch (error) {
      this.#failed(storageFault(error));
    }
    return false;
  }

  /** Whether the file is still there and, after a fault, takes writes again. */
  #isSound(store: OpenedStore): boolean {
    const now = this.#options.clock.monotonic();
    const fault = this.#soundness?.fault(now) ??
      (this.#isUsable ? null : tryWriting(store));
    if (fault !== null) this.#failed(fault);
    else if (!this.#isUsable) this.#succeeded();
    return fault === null;
  }

  #succeeded(): void {
    this.#tell({ type: "store_ready" });
    this.#health(true);
  }

  /** A database that is broken, rather than busy or full, is closed; it is opened again in a while. */
  #failed(fault: StorageFault): void {
    this.#fault = fault;
    const { kind, reason } = fault;
    const isDamaged = kind === "damaged";
    this.#tell({ type: "store_unusable", reason, isDamaged });
    this.#health(false);
    if (this.#store && (kind !== "broken" && kind !== "damaged")) return;
    this.#close();
    this.#reopen?.cancel();
    this.#reopen = this.#options.clock.after(
      OPEN_PAUSE_MS,
      () => this.#open(),
    );
  }

  #close(): void {
    try {
      this.#store?.sql.close();
    } catch (error) {
      this.#fault = storageFault(error);
    }
    this.#store = undefined;
  }

  #health(isUsable: boolean): void {
    if (isUsable === this.#isUsable) return;
    this.#isUsable = isUsable;
    if (this.#ready) this.#options.say({ kind: "health", isUsable });
  }

  #tell(state: StoreState): void {
    const text = JSON.stringify(state);
    if (text === this.#told) return;
    this.#told = text;
    this.#options.tell(state);
  }
}

function isRead(request: StoreRequest): request is StoreRead {
  return request.kind === "history" || request.kind === "rest_history" ||
    request.kind === "inbox" || request.kind === "blob" ||
    request.kind === "blobs_known";
}
