import type { Clock } from "../../lib/clock.ts";
import { folderOf } from "../../lib/host/paths.ts";
import type { Logger } from "../../lib/log.ts";
import {
  sandboxed,
  type StartWorker,
  SupervisedWorker,
} from "../../lib/sandbox.ts";
import type { StoreInit, StoreState } from "../store/store_options.ts";
import { parseStoreWords } from "./parse_worker_words.ts";
import { moveAside } from "./view_aside.ts";
import { useTaken } from "./view_copy_files.ts";

export interface RelayStoreOptions {
  /** Path of the database file. */
  readonly database: string;
  readonly options: StoreInit["options"];
  readonly clock: Clock;
  readonly log: Logger;
  /** The worker was started anew by itself. @returns its end of a new channel */
  readonly rejoin: () => MessagePort;
  readonly unusable: (
    state: Extract<StoreState, { type: "store_unusable" }>,
  ) => void;
  /** The file can't be put aside, or no worker started. */
  readonly stuck: (error: unknown) => void;
  /** The worker ended, and why; it is started again. */
  readonly failed: (reason: string) => void;
  /** Default: a worker that may read and write the database's folder. */
  readonly worker?: StartWorker;
}

const asItIs = () => Promise.resolve();

/** The worker that has the database, alone with its folder. */
export class RelayStore {
  readonly #options: RelayStoreOptions;
  #worker: SupervisedWorker | null = null;
  /** The worker's end of the channel that the next one is started with. */
  #end: MessagePort | null = null;
  /** What is done with the file before the next worker begins. */
  #before: (view: string) => Promise<void> = asItIs;
  /** For the sockets that were started last; null once it is to end. */
  #wanted: MessagePort | null = null;
  /** Starts and the end, one after the other: two workers would have one database. */
  #turn = Promise.resolve();

  constructor(options: RelayStoreOptions) {
    this.#options = options;
  }

  /**
   * A fresh worker for sockets that are started: they get what stands in the database. Those that are started while the
   * worker before ends have it in place of these. Never rejects.
   */
  start(port: MessagePort): Promise<void> {
    this.#wanted = port;
    return this.#turn = this.#turn.then(() => this.#startFor(port));
  }

  stop(): Promise<void> {
    this.#wanted = null;
    return this.#turn = this.#turn.then(() => this.#stopOne());
  }

  async #startFor(port: MessagePort): Promise<void> {
    await this.#stopOne();
    if (port !== this.#wanted) return;
    const before = this.#before;
    this.#before = asItIs;
    try {
      await before(this.#options.database);
      this.#end = port;
      this.#worker = this.#make();
      this.#worker.start();
    } catch (error) {
      this.#options.stuck(error);
    }
  }

  async #stopOne(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.stop();
  }

  /** What is in the file is worth nothing: it is put aside before the next start. */
  discard(): void {
    this.#before = moveAside;
  }

  /** Another relay's view is there, and takes its place before the next start. */
  replace(): void {
    this.#before = useTaken;
  }

  #make(): SupervisedWorker {
    const { clock, log, database, failed, worker } = this.#options;
    return new SupervisedWorker({
      name: "relay store",
      start: worker ?? (() => storeWorker(folderOf(database))),
      init: () => this.#init(),
      onMessage: (data) => this.#heard(parseStoreWords(data)),
      onRestart: failed,
      clock,
      log,
      hangAfterMs: 30_000,
    });
  }

  #init(): { message: StoreInit; transfer: Transferable[] } {
    const { database: path, options, rejoin } = this.#options;
    const port = this.#end ?? rejoin();
    this.#end = null;
    return { message: { type: "init", path, options, port }, transfer: [port] };
  }

  #heard(state: StoreState | null): void {
    const { log, unusable } = this.#options;
    if (state === null) return log.warn("the store said something strange");
    if (state.type === "store_ready") return log.info("store ready");
    log.error("store unusable", { reason: state.reason });
    unusable(state);
  }
}

function storeWorker(folder: string): Worker {
  return new Worker(
    new URL("../store/store_worker.ts", import.meta.url),
    sandboxed("relay store", {
      net: false,
      read: [folder],
      write: [folder],
      env: false,
    }),
  );
}
