import assert from "node:assert/strict";
import type { PowOutcome } from "../../../lib/pow/solver.ts";
import {
  CHALLENGE,
  DIFFICULTY,
  poolBench,
  proof,
  typesSent,
} from "../../fakes/pool_bench.ts";

Deno.test("PowPool.solve: each channel gets a share of its own, the budget and a flag to stop by", async () => {
  const { pool, solvers } = poolBench(3);
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
  const { pool, solvers: [a, b], hand, here } = poolBench(2);
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
  const { pool, solvers: [a, b] } = poolBench(2);
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
  const { pool, solvers, hand } = poolBench(2);
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
  const { pool, solvers } = poolBench(1);
  const outcome = await pool.solve(CHALLENGE, 8, {
    signal: AbortSignal.abort(),
  });
  assert.deepEqual(outcome, { ok: false, reason: "aborted", hashes: 0 });
  assert.deepEqual(solvers[0]?.sent, []);
});

Deno.test("PowPool.solve: progress is the sum over the channels", async () => {
  const { pool, solvers: [a, b], hand } = poolBench(2);
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
  const { pool, solvers: [a, b] } = poolBench(2);
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
  const { pool, here } = poolBench(0);
  assert.ok((await pool.solve(CHALLENGE, DIFFICULTY, { budgetMs: 500 })).ok);
  assert.deepEqual(here, [500]);
});

Deno.test("PowPool.solve: a challenge longer than workers take is solved in this thread", async () => {
  const { pool, solvers, here } = poolBench(1);
  assert.ok((await pool.solve("x".repeat(301), DIFFICULTY)).ok);
  assert.equal(here.length, 1);
  assert.deepEqual(solvers[0]?.sent, []);
});

Deno.test("PowPool.solve: what no solver tries is not sent to any", async () => {
  const { pool, solvers } = poolBench(1);
  assert.equal((await pool.solve(CHALLENGE, 41)).ok, false);
  await assert.rejects(pool.solve(CHALLENGE, -1), RangeError);
  assert.deepEqual(solvers[0]?.sent, []);
});
