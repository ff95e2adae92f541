import type { Clock } from "../clock.ts";
import { Failure } from "../errors.ts";
import type { Pow, PowChallenge } from "../protocol/frames.ts";
import { abortable } from "./abortable.ts";
import type { FindProof } from "./connection_types.ts";
import { TimeLimit } from "./time_limit.ts";

/** Hardest proof that a client works for, in leading zero bits. */
const MOST_DIFFICULTY = 24;
/** The longest that it works for one, in milliseconds: well within the 60 s that a challenge lives. */
const LONGEST_MS = 20_000;

export interface ProvingOptions {
  readonly purpose: "login" | "create" | "direct";
  readonly clock: Clock;
  readonly findProof: FindProof;
  readonly signal: AbortSignal;
}

/**
 * Answers a challenge. Rejects with POW_TOO_HARD for one that no honest relay asks, with POW_TIMEOUT, and with the
 * signal's reason, which is NOT_CONNECTED where none was given: whoever wanted the connection has ended.
 */
export async function prove(
  { challenge, difficulty }: Pick<PowChallenge, "challenge" | "difficulty">,
  options: ProvingOptions,
): Promise<Pow> {
  const { purpose, clock } = options;
  if (difficulty > MOST_DIFFICULTY) {
    const fields = { difficulty, most: MOST_DIFFICULTY };
    throw new Failure("POW_TOO_HARD", { fields });
  }
  const limit = new TimeLimit(clock, {
    ms: LONGEST_MS,
    failure: () => new Failure("POW_TIMEOUT"),
  });
  const signal = AbortSignal.any([options.signal, limit.signal]);
  try {
    const task = { challenge, difficulty, purpose };
    const proof = await abortable(options.findProof(task, signal), signal);
    return { challenge, proof };
  } catch (error) {
    const saysNoReason = error instanceof DOMException &&
      error.name === "AbortError";
    if (!saysNoReason) throw error;
    const fields = { reason: "the work for it was ended" };
    throw new Failure("NOT_CONNECTED", { fields, cause: error });
  } finally {
    limit.pause();
  }
}
