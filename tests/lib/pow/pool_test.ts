import assert from "node:assert/strict";
import { PowPool, SILENCE_MS } from "../../../lib/pow/pool.ts";
import { type PowOutcome, solve } from "../../../lib/pow/solver.ts";
import { FakeSolver } from "../../fakes/pow_channel.ts";

const CHALLENGE = "CJqDaMUqcpkeVkYjbcj9yJZWJQzPz8byAhPm7zRxJdZy";
const DIFFICULTY = 8;

async function proof(): Promise<string> {
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

interface Bench {
  readonly pool: PowPool;
  readonly solvers: FakeSolver[];
  readonly hand: Hand;
  /** Budgets of the searches run in this thread. */
  readonly here: (number | undefined)[];
}

function bench(count: number): Bench {
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

function typesSent(solver: FakeSolver | undefined): string[] {
  return solver?.sent.map((command) => command.type) ?? [];
}

Deno.test("PowPool.solve: each channel gets a share of its own, the budget and a flag to stop by", async () => {
  const { pool, solvers } = bench(3);
  const control = new AbortController();
  const outcome = pool.solve(CHALLENGE, 20, {
    budgetMs: 500,
    signal: control.signal,
  });
  const flags: Int32Array[] = [];
  solvers.forEach((solver, index) => {
    const [sent] = solver.sent;
    assert.ok(sent?.type === "solve" && sent.cancelFlag);
    const { cancelFlag, id: _, ...rest } = sent;
    flags.push(new Int32Array(cancelFlag));
    assert.deepEqual(rest, {
      type: "solve",
      challenge: CHALLENGE,
      difficulty: 20,
      share: { index, of: 3 },
      budgetMs: 500,
    });
  });
  assert.deepEqual(flags.map((flag) => flag[0]), [0, 0, 0]);
  control.abort();
  assert.deepEqual(flags.map((flag) => flag[0]), [1, 1, 1]);
  await outcome;
});

Deno.test("PowPool.solve: the first proof wins and calls the others off at once", async () => {
  const { pool, solvers: [a, b], hand, here } = bench(2);
  const outcome = pool.solve(CHALLENGE, DIFFICULTY);
  const found = await proof();
  a?.answer({ type: "progress", hashes: 100 });
  b?.answer({
    type: "done",
    outcome: { ok: true, proof: found, hashes: 50 },
  });
  assert.deepEqual(typesSent(a), ["solve", "cancel"]);
  assert.deepEqual(await outcome, { ok: true, proof: found, hashes: 150 });
  assert.deepEqual(here, []);
  assert.equal(hand.timers, 0);
});

Deno.test("PowPool.solve: answers that come late, twice or for another search change nothing", async () => {
  const { pool, solvers: [a, b] } = bench(2);
  const found = await proof();
  const done = { ok: true, proof: found, hashes: 1 } as const;
  const first = pool.solve(CHALLENGE, DIFFICULTY);
  a?.say({ type: "done", id: 99, outcome: done });
  a?.answer({ type: "done", outcome: done });
  a?.answer({ type: "done", outcome: done });
  b?.answer({
    type: "done",
    outcome: { ok: false, reason: "aborted", hashes: 7 },
  });
  assert.deepEqual(await first, done);
  const second = pool.solve(CHALLENGE, DIFFICULTY);
  const old = b?.sent[0]?.type === "solve" ? b.sent[0].id : NaN;
  b?.say({ type: "done", id: old, outcome: { ...done, hashes: 1_000 } });
  b?.answer({ type: "done", outcome: done });
  assert.deepEqual(await second, done);
});

Deno.test("PowPool.solve: the signal ends it at once, and the channels' work", async () => {
  const { pool, solvers, hand } = bench(2);
  const control = new AbortController();
  const outcome = pool.solve(CHALLENGE, 30, { signal: control.signal });
  solvers[1]?.answer({ type: "progress", hashes: 9 });
  control.abort();
  for (const solver of solvers) {
    assert.deepEqual(typesSent(solver), ["solve", "cancel"]);
  }
  assert.deepEqual(await outcome, { ok: false, reason: "aborted", hashes: 9 });
  assert.equal(hand.timers, 0);
});

Deno.test("PowPool.solve: a signal fired before sends nothing", async () => {
  const { pool, solvers } = bench(1);
  const outcome = await pool.solve(CHALLENGE, 8, {
    signal: AbortSignal.abort(),
  });
  assert.deepEqual(outcome, { ok: false, reason: "aborted", hashes: 0 });
  assert.deepEqual(solvers[0]?.sent, []);
});

Deno.test("PowPool.solve: progress is the sum over the channels", async () => {
  const { pool, solvers: [a, b], hand } = bench(2);
  const control = new AbortController();
  const seen: unknown[] = [];
  const outcome = pool.solve(CHALLENGE, 20, {
    signal: control.signal,
    onProgress: (progress) => seen.push(progress),
  });
  hand.turn(100);
  a?.answer({ type: "progress", hashes: 300 });
  b?.answer({ type: "progress", hashes: 200 });
  const expected = 2 ** 20;
  assert.deepEqual(seen, [
    { hashes: 300, expected, elapsedMs: 100 },
    { hashes: 500, expected, elapsedMs: 100 },
  ]);
  control.abort();
  await outcome;
});

Deno.test("PowPool.solve: the budget is out when it is out for every channel", async () => {
  const { pool, solvers: [a, b] } = bench(2);
  const outcome = pool.solve(CHALLENGE, 30, { budgetMs: 10 });
  let settled: PowOutcome | undefined;
  outcome.then((value) => settled = value);
  const spent = { ok: false, reason: "budget", hashes: 5 } as const;
  a?.answer({ type: "done", outcome: spent });
  await Promise.resolve();
  assert.equal(settled, undefined);
  b?.answer({ type: "done", outcome: spent });
  assert.deepEqual(await outcome, { ...spent, hashes: 10 });
});

Deno.test("PowPool.solve: without channels it works in this thread", async () => {
  const { pool, here } = bench(0);
  assert.ok((await pool.solve(CHALLENGE, DIFFICULTY, { budgetMs: 500 })).ok);
  assert.deepEqual(here, [500]);
});

Deno.test("PowPool.solve: a challenge longer than workers take is solved in this thread", async () => {
  const { pool, solvers, here } = bench(1);
  assert.ok((await pool.solve("x".repeat(301), DIFFICULTY)).ok);
  assert.equal(here.length, 1);
  assert.deepEqual(solvers[0]?.sent, []);
});

Deno.test("PowPool.solve: what no solver tries is not sent to any", async () => {
  const { pool, solvers } = bench(1);
  assert.equal((await pool.solve(CHALLENGE, 41)).ok, false);
  await assert.rejects(pool.solve(CHALLENGE, -1), RangeError);
  assert.deepEqual(solvers[0]?.sent, []);
});

Deno.test("PowPool.solve: channels that can't be written to are dropped", async () => {
  const { pool, solvers, here } = bench(2);
  for (const solver of solvers) solver.broken = true;
  assert.ok((await pool.solve(CHALLENGE, DIFFICULTY)).ok);
  assert.equal(here.length, 1);
  assert.equal(pool.size, 0);
});

Deno.test("PowPool.solve: one dead channel of two leaves the search to the other", async () => {
  const { pool, solvers: [a, b], here } = bench(2);
  const outcome = pool.solve(CHALLENGE, DIFFICULTY);
  assert.ok(a && b);
  pool.remove(a);
  const done = { ok: true, proof: await proof(), hashes: 1 } as const;
  b.answer({ type: "done", outcome: done });
  assert.deepEqual(await outcome, done);
  assert.deepEqual(here, []);
  assert.equal(a.listeners, 0);
});

Deno.test("PowPool.solve: silent channels are given up, and the rest of the budget spent here", async () => {
  const { pool, solvers: [a, b], hand, here } = bench(2);
  const outcome = pool.solve(CHALLENGE, DIFFICULTY, { budgetMs: 10_000 });
  hand.turn(SILENCE_MS / 2);
  a?.answer({ type: "progress", hashes: 1 });
  hand.turn(SILENCE_MS / 2);
  assert.equal(pool.size, 1, "b never spoke");
  assert.deepEqual(typesSent(b), ["solve"]);
  hand.turn(SILENCE_MS / 2);
  assert.ok((await outcome).ok);
  assert.equal(pool.size, 0);
  assert.deepEqual(here, [10_000 - SILENCE_MS * 1.5]);
  assert.equal(hand.timers, 0);
});

Deno.test("PowPool.solve: a worker that failed leaves its search, not the pool", async () => {
  const { pool, solvers: [a], here } = bench(1);
  const outcome = pool.solve(CHALLENGE, DIFFICULTY);
  a?.answer({ type: "failed" });
  assert.ok((await outcome).ok);
  assert.equal(here.length, 1);
  assert.equal(pool.size, 1);
});

Deno.test("PowPool.solve: a false proof is not believed", async () => {
  const { pool, solvers: [a], here } = bench(1);
  const outcome = pool.solve(CHALLENGE, 16);
  a?.answer({
    type: "done",
    outcome: { ok: true, proof: "not it", hashes: 1 },
  });
  const end = await outcome;
  assert.ok(end.ok && end.proof !== "not it");
  assert.equal(here.length, 1);
  assert.equal(pool.size, 0);
});

Deno.test("PowPool.solve: reports that are none are ignored", async () => {
  const { pool, solvers: [a] } = bench(1);
  const outcome = pool.solve(CHALLENGE, DIFFICULTY);
  const id = a?.sent[0]?.type === "solve" ? a.sent[0].id : NaN;
  const junk = [
    null,
    1,
    {},
    { type: "done", id },
    { type: "done", id: -1 },
    { type: "done", id, outcome: { ok: true, hashes: 1 } },
    { type: "progress", id, hashes: "many" },
  ];
  for (const data of junk) a?.say(data);
  const done = { ok: true, proof: await proof(), hashes: 1 } as const;
  a?.answer({ type: "done", outcome: done });
  assert.deepEqual(await outcome, done);
});

Deno.test("PowPool: two pools on one channel don't take each other's answers", async () => {
  const solver = new FakeSolver();
  const [first, second] = [new PowPool([solver]), new PowPool([solver])];
  const control = new AbortController();
  const waiting = first.solve(CHALLENGE, DIFFICULTY, {
    signal: control.signal,
  });
  const outcome = second.solve(CHALLENGE, DIFFICULTY);
  const done = { ok: true, proof: await proof(), hashes: 1 } as const;
  solver.answer({ type: "done", outcome: done });
  assert.deepEqual(await outcome, done);
  control.abort();
  assert.ok(!(await waiting).ok);
});

Deno.test("PowPool.add: a channel added twice is used once; one given up can come back", async () => {
  const { pool } = bench(0);
  const solver = new FakeSolver();
  pool.add(solver);
  pool.add(solver);
  assert.equal(solver.listeners, 1);
  pool.remove(solver);
  pool.add(solver);
  assert.equal(solver.listeners, 1);
  const outcome = pool.solve(CHALLENGE, DIFFICULTY);
  const done = { ok: true, proof: await proof(), hashes: 1 } as const;
  solver.answer({ type: "done", outcome: done });
  assert.deepEqual(await outcome, done);
});
