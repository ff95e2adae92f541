import assert from "node:assert/strict";
import { PowPool, SILENCE_MS } from "../../../lib/pow/pool.ts";
import {
  CHALLENGE,
  DIFFICULTY,
  poolBench,
  proof,
  typesSent,
} from "../../fakes/pool_bench.ts";
import { FakeSolver } from "../../fakes/pow_channel.ts";

Deno.test("PowPool.solve: channels that can't be written to are dropped", async () => {
  const { pool, solvers, here } = poolBench(2);
  for (const solver of solvers) solver.broken = true;
  assert.ok((await pool.solve(CHALLENGE, DIFFICULTY)).ok);
  assert.equal(here.length, 1);
  assert.equal(pool.size, 0);
});

Deno.test("PowPool.solve: one dead channel of two leaves the search to the other", async () => {
  const { pool, solvers: [a, b], here } = poolBench(2);
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
  const { pool, solvers: [a, b], hand, here } = poolBench(2);
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
  const { pool, solvers: [a], here } = poolBench(1);
  const outcome = pool.solve(CHALLENGE, DIFFICULTY);
  a?.answer({ type: "failed" });
  assert.ok((await outcome).ok);
  assert.equal(here.length, 1);
  assert.equal(pool.size, 1);
});

Deno.test("PowPool.solve: a false proof is not believed", async () => {
  const { pool, solvers: [a], here } = poolBench(1);
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
  const { pool, solvers: [a] } = poolBench(1);
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
  const { pool } = poolBench(0);
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
