import { checkProof } from "../protocol/pow.ts";
import {
  MAX_CHALLENGE,
  parseReport,
  type PowChannel,
  type PowCommand,
  type PowReport,
} from "./search_messages.ts";
import {
  endIfAllDone,
  hashesOf,
  type Job,
  type Part,
  type PoolSolveOptions,
} from "./pool_job.ts";
import { type PowOutcome, refuse, solve } from "./solver.ts";
import { defined } from "../defined.ts";

/** What a pool is given from outside; each has a default. */
export interface PowPoolOptions {
  /** Search in this thread, for when no channel is left. */
  readonly solveHere?: typeof solve;
  /** Monotonic clock in milliseconds. */
  readonly now?: () => number;
  /** Calls back after so many milliseconds; returns how to call it off. */
  readonly after?: (ms: number, callback: () => void) => () => void;
}

/** A channel that says nothing for so long during a search is dead. A solver reports every 100 ms. */
export const SILENCE_MS = 2_000;

type Channel = PowChannel<PowCommand>;

/**
 * Splits searches over solver workers (solver_worker.ts): the first proof wins
 * and the others are called off at once. Channels that fail, fall silent or
 * answer falsely are dropped; without any, the search runs in this thread.
 */
export class PowPool {
  /** One sequence for all pools of a thread: a channel may serve several. */
  static #lastId = 0;

  readonly #channels = new Map<Channel, (event: MessageEvent) => void>();
  readonly #jobs = new Map<number, Job>();
  readonly #solveHere: typeof solve;
  readonly #now: () => number;
  readonly #after: (ms: number, callback: () => void) => () => void;

  constructor(channels: Iterable<Channel> = [], options: PowPoolOptions = {}) {
    this.#solveHere = options.solveHere ?? solve;
    this.#now = options.now ?? (() => performance.now());
    this.#after = options.after ?? after;
    for (const channel of channels) this.add(channel);
  }

  /** Channels in use. */
  get size(): number {
    return this.#channels.size;
  }

  /** Takes a channel into use from the next search on. */
  add(channel: Channel): void {
    if (this.#channels.has(channel)) return;
    const listener = (event: MessageEvent) => {
      const report = parseReport(event.data);
      if (report) this.#hear(channel, report);
    };
    this.#channels.set(channel, listener);
    channel.addEventListener("message", listener);
    channel.start?.();
  }

  /** Gives a channel up, as when its worker has ended; running searches go on without it. */
  remove(channel: Channel): void {
    const listener = this.#channels.get(channel);
    if (!listener) return;
    this.#channels.delete(channel);
    channel.removeEventListener("message", listener);
    for (const job of this.#jobs.values()) this.#leave(job, channel);
  }

  /** Finds a proof; outcomes and errors as of `solve`. `hashes` is the sum over all channels. */
  async solve(
    challenge: string,
    difficulty: number,
    options: PoolSolveOptions = {},
  ): Promise<PowOutcome> {
    const refused = refuse(difficulty, options.signal);
    if (refused) return refused;
    const startedAt = this.#now();
    const end = challenge.length > MAX_CHALLENGE
      ? "alone"
      : await this.#solveThere(challenge, difficulty, {
        ...options,
        startedAt,
      });
    if (end !== "alone") return end;
    return this.#solveHere(challenge, difficulty, {
      ...options,
      ...remaining(options.budgetMs, this.#now() - startedAt),
    });
  }

  #solveThere(
    challenge: string,
    difficulty: number,
    { startedAt, ...options }: PoolSolveOptions & { startedAt: number },
  ): Promise<PowOutcome | "alone"> {
    return new Promise((resolve) => {
      const id = ++PowPool.#lastId;
      const parts: Part[] = [...this.#channels.keys()].map((channel) => ({
        channel,
        hashes: 0,
        heardAt: startedAt,
      }));
      const onAbort = () =>
        settle({ ok: false, reason: "aborted", hashes: hashesOf(job) });
      const settle = (end: PowOutcome | "alone") => {
        if (!this.#jobs.delete(id)) return;
        options.signal?.removeEventListener("abort", onAbort);
        stopWatch();
        this.#cancel(job);
        resolve(end);
      };
      const job: Job = {
        id,
        challenge,
        difficulty,
        options,
        startedAt,
        parts,
        cancelFlag: new SharedArrayBuffer(4),
        settle,
      };
      this.#jobs.set(id, job);
      const stopWatch = this.#watch(job);
      options.signal?.addEventListener("abort", onAbort);
      this.#send(job);
    });
  }

  #send(job: Job): void {
    const { id, challenge, difficulty, cancelFlag, options: { budgetMs } } =
      job;
    const of = job.parts.length;
    if (of === 0) return job.settle("alone");
    [...job.parts].forEach(({ channel }, index) =>
      this.#post(channel, {
        type: "solve",
        id,
        challenge,
        difficulty,
        share: { index, of },
        cancelFlag,
        ...defined({ budgetMs }),
      })
    );
  }

  #hear(channel: Channel, report: PowReport): void {
    const job = this.#jobs.get(report.id);
    const part = job?.parts.find((part) => part.channel === channel);
    if (!job || !part) return;
    part.heardAt = this.#now();
    if (report.type === "failed") return this.#leave(job, channel);
    if (report.type === "progress") {
      part.hashes = report.hashes;
      job.options.onProgress?.({
        hashes: hashesOf(job),
        expected: 2 ** job.difficulty,
        elapsedMs: this.#now() - job.startedAt,
      });
      return;
    }
    part.hashes = report.outcome.hashes;
    this.#finish(job, part, report.outcome);
  }

  #finish(job: Job, part: Part, outcome: PowOutcome): void {
    if (!outcome.ok) {
      part.outcome = outcome;
      return endIfAllDone(job);
    }
    const proof = { challenge: job.challenge, proof: outcome.proof };
    if (!checkProof(proof, job.difficulty)) return this.remove(part.channel);
    job.settle({ ...outcome, hashes: hashesOf(job) });
  }

  /** Takes a channel out of one search. */
  #leave(job: Job, channel: Channel): void {
    const at = job.parts.findIndex((part) => part.channel === channel);
    if (at < 0) return;
    job.parts.splice(at, 1);
    if (job.parts.length === 0) job.settle("alone");
    else endIfAllDone(job);
  }

  #cancel(job: Job): void {
    Atomics.store(new Int32Array(job.cancelFlag), 0, 1);
    for (const { channel, outcome } of job.parts) {
      if (!outcome) this.#post(channel, { type: "cancel", id: job.id });
    }
  }

  #post(channel: Channel, command: PowCommand): void {
    try {
      channel.postMessage(command);
    } catch {
      // A channel that can't be written to is a dead one.
      this.remove(channel);
    }
  }

  /** Removes channels that fall silent during a search; returns how to stop. */
  #watch(job: Job): () => void {
    let cancel = () => {};
    const look = () => {
      cancel = this.#after(SILENCE_MS / 2, look);
      const limit = this.#now() - SILENCE_MS;
      const silent = job.parts.filter((part) =>
        !part.outcome && part.heardAt <= limit
      );
      for (const { channel } of silent) this.remove(channel);
    };
    cancel = this.#after(SILENCE_MS / 2, look);
    return () => cancel();
  }
}

function remaining(
  budgetMs: number | undefined,
  spentMs: number,
): { budgetMs?: number } {
  return budgetMs === undefined
    ? {}
    : { budgetMs: Math.max(0, budgetMs - spentMs) };
}

function after(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}
