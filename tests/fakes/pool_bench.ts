import assert from "node:assert/strict";
import { PowPool } from "../../lib/pow/pool.ts";
import { solve } from "../../lib/pow/solver.ts";
import { FakeSolver } from "./pow_channel.ts";

export const CHALLENGE = "CJqDaMUqcpkeVkYjbcj9yJZWJQzPz8byAhPm7zRxJdZy";
export const DIFFICULTY = 8;

/** A right proof of the two. */
export async function proof(): Promise<string> {
  const outcome = await solve(CHALLENGE, DIFFICULTY);
  assert.ok(outcome.ok);
  return outcome.proof;
}

/** Time and timers that the test turns. */
class Hand {
  ms = 0;
  readonly #timers = new Map<() => void, number>();
  readonly now = () => this.ms;
  readonly after = (ms: number, callback: () => void) => {
    const entry = () => callback();
    this.#timers.set(entry, this.ms + ms);
    return () => void this.#timers.delete(entry);
  };
  get timers(): number {
    return this.#timers.size;
  }
  turn(ms: number): void {
    this.ms += ms;
    for (const [callback, at] of [...this.#timers]) {
      if (at > this.ms) continue;
      this.#timers.delete(callback);
      callback();
    }
  }
}

export interface PoolBench {
  readonly pool: PowPool;
  readonly solvers: FakeSolver[];
  readonly hand: Hand;
  /** Budgets of the searches run in this thread. */
  readonly here: (number | undefined)[];
}

/** A pool over so many fake solvers. */
export function poolBench(count: number): PoolBench {
  const solvers = Array.from({ length: count }, () => new FakeSolver());
  const hand = new Hand();
  const here: (number | undefined)[] = [];
  const solveHere: typeof solve = (challenge, difficulty, options) => {
    here.push(options?.budgetMs);
    return solve(challenge, difficulty);
  };
  const pool = new PowPool(solvers, {
    solveHere,
    now: hand.now,
    after: hand.after,
  });
  return { pool, solvers, hand, here };
}

/** What a solver was sent, by type. */
export function typesSent(solver: FakeSolver | undefined): string[] {
  return solver?.sent.map((command) => command.type) ?? [];
}
