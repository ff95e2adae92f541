import type { Clock } from "../clock.ts";
import { Failure } from "../errors.ts";
import type { Pow, PowChallenge } from "../protocol/frames.ts";
import { abortable } from "./abortable.ts";
import type { FindProof } from "./connection_types.ts";
import { TimeLimit } from "./time_limit.ts";

/** Hardest proofs that a client works for, in leading zero bits, and the longest that it takes, in milliseconds. */
const BOUNDS = {
  login: { difficulty: 24, ms: 20_000 },
  /** Within the 60 s that a challenge lives (protocol.md section 3). */
  create: { difficulty: 28, ms: 50_000 },
} as const;

export interface ProvingOptions {
  readonly purpose: "login" | "create";
  readonly clock: Clock;
  readonly findProof: FindProof;
  readonly signal: AbortSignal;
}

/**
 * Answers a challenge. Rejects with POW_TOO_HARD for one that no honest relay asks, with POW_TIMEOUT, and with the
 * signal's reason.
 */
export async function prove(
  { challenge, difficulty }: PowChallenge,
  options: ProvingOptions,
): Promise<Pow> {
  const { purpose, clock } = options;
  const bounds = BOUNDS[purpose];
  if (difficulty > bounds.difficulty) {
    const fields = { difficulty, most: bounds.difficulty };
    throw new Failure("POW_TOO_HARD", { fields });
  }
  const limit = new TimeLimit(clock, {
    ms: bounds.ms,
    failure: () => new Failure("POW_TIMEOUT"),
  });
  const signal = AbortSignal.any([options.signal, limit.signal]);
  try {
    const task = { challenge, difficulty, purpose };
    const proof = await abortable(options.findProof(task, signal), signal);
    return { challenge, proof };
  } finally {
    limit.pause();
  }
}
