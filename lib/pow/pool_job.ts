import type { PowChannel, PowCommand } from "./search_messages.ts";
import type { PowOutcome, PowProgress } from "./solver.ts";

/** Options of `PowPool.solve`; as those of `solve`. */
export interface PoolSolveOptions {
  readonly signal?: AbortSignal;
  readonly budgetMs?: number;
  readonly onProgress?: (progress: PowProgress) => void;
}

/** One channel's part in a search. */
export interface Part {
  readonly channel: PowChannel<PowCommand>;
  hashes: number;
  heardAt: number;
  /** Set when the channel is done without a proof. */
  outcome?: PowOutcome;
}

export interface Job {
  readonly id: number;
  readonly challenge: string;
  readonly difficulty: number;
  readonly options: PoolSolveOptions;
  readonly startedAt: number;
  readonly parts: Part[];
  /** Shared with every solver; 1 calls the search off within a step. */
  readonly cancelFlag: SharedArrayBuffer;
  /** Ends the search: with an outcome, or "alone" when no channel is left. */
  readonly settle: (end: PowOutcome | "alone") => void;
}

/** Ends a search in which every channel is done without a proof. */
export function endIfAllDone(job: Job): void {
  const last = job.parts.at(-1)?.outcome;
  if (!last || last.ok || job.parts.some((part) => !part.outcome)) return;
  job.settle({ ...last, hashes: hashesOf(job) });
}

/** Candidates tried by all channels together, as far as reported. */
export function hashesOf(job: Job): number {
  return job.parts.reduce((sum, part) => sum + part.hashes, 0);
}
