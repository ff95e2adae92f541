import type { Clock, Timer } from "./clock.ts";
import type { Logger } from "./log.ts";
import { BEAT, BEAT_MS, isSandboxMessage, STOP } from "./sandbox_messages.ts";

/** What a worker may do; false means nothing. Run, ffi, sys and import are never granted. */
export interface WorkerPermissions {
  /** "host:port" each. */
  readonly net: readonly string[] | false;
  readonly read: readonly string[] | false;
  readonly write: readonly string[] | false;
  readonly env: readonly string[] | false;
}

/** The part of `Worker` that supervision needs, so that tests can stand in for it. */
export interface WorkerLike {
  onmessage: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown, transfer: Transferable[]): void;
  terminate(): void;
}

/** Starts a worker; at the call site stands `new Worker(new URL("./x.ts", import.meta.url), …)`. */
export type StartWorker = () => WorkerLike;

/** Watches the memory of the process, since a worker's own can't be asked for. */
export interface MemoryWatch {
  /** Resident bytes of the whole process. */
  readonly read: () => number;
  /** The worker is ended when memory is so far over the least seen since it started. */
  readonly overRestingBytes: number;
}

export interface SupervisedOptions {
  readonly name: string;
  readonly start: StartWorker;
  /** The first message, made anew at each start: transferred ports are used up. */
  readonly init: () => {
    readonly message: unknown;
    readonly transfer: Transferable[];
  };
  readonly onMessage: (message: unknown) => void;
  /** Called with the reason before the worker is started again. */
  readonly onRestart: (reason: string) => void;
  /** Called with the reason once {@link MOST_STILLBORN} workers in a row ended without a sign of life; after onRestart. */
  readonly onStillborn?: (reason: string) => void;
  readonly clock: Clock;
  readonly log: Logger;
  readonly memory?: MemoryWatch;
  /** Silence after which a worker counts as hung. Default 5,000 ms. */
  readonly hangAfterMs?: number;
  /** How long its first sign of life may take. Default 15,000 ms. */
  readonly startWithinMs?: number;
  /** How long `stop` waits for the worker to end its work. Default 1,500 ms. */
  readonly stopWithinMs?: number;
}

/** Longest wait before a worker that keeps failing is started again, and the time after which it counts as well. */
const MOST_WAIT_MS = 10_000;
const WELL_AFTER_MS = 60_000;

/** So many that never lived, and it is not the worker: a module that one of them asked for can break all later starts. */
const MOST_STILLBORN = 5;

/** The options of `new Worker` that grant just these permissions (deno.json: unstable worker-options). */
export function sandboxed(
  name: string,
  permissions: WorkerPermissions,
): WorkerOptions {
  const list = (grant: readonly string[] | false) =>
    grant === false ? false : [...grant];
  const { net, read, write, env } = permissions;
  return {
    type: "module",
    name,
    deno: {
      permissions: {
        net: list(net),
        read: list(read),
        write: list(write),
        env: list(env),
        run: false,
        ffi: false,
        sys: false,
        import: false,
      },
    },
  } as WorkerOptions;
}

/**
 * A worker that is kept alive: started again when it ends, hangs or grows too large, with the reason told.
 * `self.close()` and `Deno.exit` end a worker without an event, so only its heartbeat is believed.
 */
export class SupervisedWorker {
  readonly #options: SupervisedOptions;
  #worker: WorkerLike | null = null;
  #tick: Timer | null = null;
  #pending: Timer | null = null;
  #startedAt = 0;
  #beaten = false;
  #missed = 0;
  /** How often it failed in a row, each time within a minute of its start. */
  failures = 0;
  /** How many in a row never gave a sign of life. */
  #stillborn = 0;
  #resting = Infinity;
  #stopped: (() => void) | null = null;
  #stopping = false;
  /** How often it was started again. */
  restarts = 0;
  /** Why, the last time. */
  lastReason: string | undefined;

  constructor(options: SupervisedOptions) {
    this.#options = options;
  }

  start(): void {
    const { clock, init, name, log } = this.#options;
    const worker = this.#options.start();
    this.#worker = worker;
    this.#startedAt = clock.monotonic();
    this.#beaten = false;
    this.#missed = 0;
    this.#resting = Infinity;
    worker.onmessage = (event) => this.#heard(worker, event.data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#failed(worker, `it threw: ${event.message}`);
    };
    worker.onmessageerror = () =>
      this.#failed(worker, "a message could not be read");
    const { message, transfer } = init();
    worker.postMessage(message, transfer);
    log.debug("worker started", { worker: name });
    this.#watch();
  }

  /** Sends a message to the worker; between two lives it is lost, as the worker's own state is. */
  post(message: unknown, transfer: Transferable[] = []): void {
    this.#worker?.postMessage(message, transfer);
  }

  /** The worker is of no use, as it says itself: it is ended and started again. */
  fail(reason: string): void {
    if (this.#worker !== null) this.#failed(this.#worker, reason);
  }

  /** Asks the worker to end, waits for it a moment, and ends it. */
  stop(): Promise<void> {
    this.#stopping = true;
    this.#pending?.cancel();
    const worker = this.#worker;
    if (worker === null) return Promise.resolve();
    const { clock, stopWithinMs = 1500 } = this.#options;
    return new Promise((resolve) => {
      const timer = clock.after(stopWithinMs, () => this.#stopped?.());
      this.#stopped = () => {
        timer.cancel();
        this.#drop();
        resolve();
      };
      worker.postMessage({ type: STOP }, []);
    });
  }

  #heard(worker: WorkerLike, message: unknown): void {
    if (worker !== this.#worker) return;
    this.#beaten = true;
    this.#stillborn = 0;
    this.#missed = 0;
    if (isSandboxMessage(message, STOP)) return this.#stopped?.();
    if (!isSandboxMessage(message, BEAT)) this.#options.onMessage(message);
  }

  /** Counts ticks rather than time: after a suspended process wakes, the worker gets its chance to speak. */
  #watch(): void {
    this.#tick = this.#options.clock.after(BEAT_MS, () => {
      const worker = this.#worker;
      if (worker === null || this.#stopping) return;
      this.#missed++;
      const reason = this.#trouble();
      if (reason !== null) return this.#failed(worker, reason);
      this.#watch();
    });
  }

  #trouble(): string | null {
    const { hangAfterMs = 5000, startWithinMs = 15_000, memory } =
      this.#options;
    const silent = this.#missed * BEAT_MS;
    if (!this.#beaten) {
      return silent > startWithinMs ? "it did not start" : null;
    }
    if (silent > hangAfterMs) return "it gave no sign of life";
    if (memory === undefined) return null;
    const bytes = memory.read();
    this.#resting = Math.min(this.#resting, bytes);
    return bytes - this.#resting > memory.overRestingBytes
      ? "it used too much memory"
      : null;
  }

  #failed(worker: WorkerLike, reason: string): void {
    if (worker !== this.#worker) return;
    this.#drop();
    if (this.#stopping) return this.#stopped?.();
    const { clock, log, name, onRestart } = this.#options;
    const lived = clock.monotonic() - this.#startedAt;
    this.failures = lived > WELL_AFTER_MS ? 1 : this.failures + 1;
    this.restarts++;
    this.lastReason = reason;
    log.error("worker ended", { worker: name, reason });
    onRestart(reason);
    if (!this.#beaten && ++this.#stillborn === MOST_STILLBORN) {
      this.#options.onStillborn?.(reason);
    }
    this.#pending = clock.after(waitBefore(this.failures), () => this.start());
  }

  #drop(): void {
    this.#tick?.cancel();
    const worker = this.#worker;
    this.#worker = null;
    if (worker === null) return;
    worker.onmessage = worker.onerror = worker.onmessageerror = null;
    worker.terminate();
  }
}

/** At once the first time, then 0.2 s doubling to 10 s. */
function waitBefore(failures: number): number {
  return failures <= 1
    ? 0
    : Math.min(MOST_WAIT_MS, 100 * 2 ** Math.min(failures - 1, 20));
}
