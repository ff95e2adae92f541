import { PlainSearch } from "./plain_search.ts";
import type { Search, SearchTask, Share, Step } from "./search.ts";
import { SimdSearch, simdSupported } from "./simd_search.ts";
import { yieldByTimer } from "./yields.ts";

/** How far a solver has come. */
export interface PowProgress {
  /** Candidates tried so far. */
  readonly hashes: number;
  /** Candidates needed on average: 2 to the power of the difficulty. */
  readonly expected: number;
  readonly elapsedMs: number;
}

/**
 * A proof, or why there is none: the signal fired, `budgetMs` ran out, or the
 * difficulty is above `MAX_DIFFICULTY` and was not tried.
 */
export type PowOutcome =
  | { readonly ok: true; readonly proof: string; readonly hashes: number }
  | {
    readonly ok: false;
    readonly reason: "aborted" | "budget" | "too_hard";
    readonly hashes: number;
  };

/** Options of `solve`; all times in milliseconds. */
export interface SolveOptions {
  readonly signal?: AbortSignal;
  /** Time to give up after; without it, only the signal ends a search. */
  readonly budgetMs?: number;
  /** Time between two turns of the event loop; default 10, at most 14. */
  readonly sliceMs?: number;
  /** Called after each slice. */
  readonly onProgress?: (progress: PowProgress) => void;
  /** Part of the search space to keep to; default all of it. */
  readonly share?: Share;
  /** Default: SIMD where the runtime has it. */
  readonly engine?: "simd" | "plain";
  /** Monotonic clock in milliseconds; default `performance.now()`. */
  readonly now?: () => number;
  /** Asked after every step, within slices too: for a flag that another thread sets. */
  readonly cancelled?: () => boolean;
  /** Yields to the event loop; default `yieldByTimer`. */
  readonly pause?: () => Promise<void>;
}

/** Hardest challenge that is tried: 2^40 hashes are some nine hours of one core. */
export const MAX_DIFFICULTY = 40;

const DEFAULT_SLICE_MS = 10;
/** With a step of half a millisecond on top, the event loop is free within 15 ms. */
const MAX_SLICE_MS = 14;

/**
 * Finds a proof for a challenge: a text such that `checkProof` holds. Works in
 * slices on the calling thread and never blocks its event loop over 15 ms.
 * Throws `RangeError` if the difficulty is not a whole number from 0 up.
 */
export async function solve(
  challenge: string,
  difficulty: number,
  options: SolveOptions = {},
): Promise<PowOutcome> {
  const refused = refuse(difficulty, options.signal);
  if (refused) return refused;
  const now = options.now ?? (() => performance.now());
  const startedAt = now();
  const share = options.share ?? { index: 0, of: 1 };
  const search = await openSearch(
    { challenge, difficulty, share },
    options.engine,
  );
  return run(search, { ...options, difficulty, now, startedAt });
}

/**
 * Why a search is not even begun, if so. Throws `RangeError` if the difficulty
 * is not a whole number from 0 up.
 */
export function refuse(
  difficulty: number,
  signal: AbortSignal | undefined,
): PowOutcome | undefined {
  if (!Number.isSafeInteger(difficulty) || difficulty < 0) {
    throw new RangeError("the difficulty is not a whole number from 0 up");
  }
  if (difficulty > MAX_DIFFICULTY) {
    return { ok: false, reason: "too_hard", hashes: 0 };
  }
  return signal?.aborted
    ? { ok: false, reason: "aborted", hashes: 0 }
    : undefined;
}

async function openSearch(
  task: SearchTask,
  engine: SolveOptions["engine"],
): Promise<Search> {
  const chosen = engine ?? (simdSupported() ? "simd" : "plain");
  return chosen === "simd"
    ? new SimdSearch(task)
    : await PlainSearch.open(task);
}

interface Run extends SolveOptions {
  readonly difficulty: number;
  readonly now: () => number;
  readonly startedAt: number;
}

async function run(search: Search, run: Run): Promise<PowOutcome> {
  const { now, startedAt, signal, pause = yieldByTimer } = run;
  const cancelled = run.cancelled ?? (() => false);
  const sliceMs = Math.min(run.sliceMs ?? DEFAULT_SLICE_MS, MAX_SLICE_MS);
  const deadline = startedAt + (run.budgetMs ?? Infinity);
  let hashes = 0;
  while (true) {
    if (signal?.aborted || cancelled()) {
      return { ok: false, reason: "aborted", hashes };
    }
    const sliceStart = now();
    if (sliceStart >= deadline) return { ok: false, reason: "budget", hashes };
    const sliceEnd = Math.min(sliceStart + sliceMs, deadline);
    const slice = runSlice(
      search,
      () => now() >= sliceEnd || cancelled(),
    );
    hashes += slice.hashes;
    if (slice.proof !== undefined) {
      return { ok: true, proof: slice.proof, hashes };
    }
    run.onProgress?.({
      hashes,
      expected: 2 ** run.difficulty,
      elapsedMs: now() - startedAt,
    });
    await pause();
  }
}

function runSlice(search: Search, over: () => boolean): Step {
  let hashes = 0;
  do {
    const step = search.step();
    hashes += step.hashes;
    if (step.proof !== undefined) return { hashes, proof: step.proof };
  } while (!over());
  return { hashes };
}
