// What proof of work costs: hashes tried a second, one core and two, beside
// the plain ways to hash.  deno run -A scripts/bench/pow.ts [--json]

import { createSHA256 } from "hash-wasm";
import { createHash } from "node:crypto";
import { PowPool } from "../../lib/pow/pool.ts";
import { MAX_DIFFICULTY, solve } from "../../lib/pow/solver.ts";
import { type BenchRow, benchRow, renderTable } from "./table.ts";

const CHALLENGE = "CJqDaMUqcpkeVkYjbcj9yJZWJQzPz8byAhPm7zRxJdZy";
/** Millions of hashes a second. */
const UNIT = "MH/s";
/** Length of one measurement in milliseconds. */
const SPAN_MS = 500;
/** Each way is measured so often, in turns, and the best counts: what another process takes is no cost of ours. */
const ROUNDS = 6;
/** Rooms searched for. */
const ROOMS = 50;

/** Figures of the solver, each beside its floor. */
export async function benchPow(): Promise<BenchRow[]> {
  const workers = [startSolver(), startSolver()];
  try {
    const one = new PowPool(workers.slice(0, 1));
    const two = new PowPool(workers);
    const hashWasm = await hashWasmRate();
    const rates = await best({
      here: () => solverRate(solve),
      one: () => solverRate(one.solve.bind(one)),
      two: () => solverRate(two.solve.bind(two)),
      hashWasm: () => Promise.resolve(hashWasm()),
      nodeCrypto: () => Promise.resolve(nodeCryptoRate()),
    });
    return [...rateRows(rates), await roomRow(two, rates.two)];
  } finally {
    for (const worker of workers) worker.terminate();
  }
}

type Ways = "here" | "one" | "two" | "hashWasm" | "nodeCrypto";

function rateRows(rates: Record<Ways, number>): BenchRow[] {
  const row = (
    name: string,
    figure: number,
    [floor, floorFigure]: [string, number],
  ) => benchRow({ name, figure, unit: UNIT, floor, floorFigure });
  return [
    row("proof of work, one core", rates.one, ["hash-wasm", rates.hashWasm]),
    row("proof of work, one core", rates.one, [
      "node:crypto",
      rates.nodeCrypto,
    ]),
    row("proof of work, beside other work", rates.here, [
      "one core",
      rates.one,
    ]),
    row("proof of work, two cores", rates.two, ["one core", rates.one]),
  ];
}

/** The median search for a room (difficulty 20) beside 2^20 hashes at full rate. */
async function roomRow(pool: PowPool, rate: number): Promise<BenchRow> {
  const times: number[] = [];
  for (let i = 0; i < ROOMS; i++) {
    const startedAt = performance.now();
    await pool.solve(`${CHALLENGE.slice(0, -2)}${i}`, 20);
    times.push(performance.now() - startedAt);
  }
  times.sort((a, b) => a - b);
  return benchRow({
    name: "a room's proof, two workers, median",
    figure: times[ROOMS / 2] ?? NaN,
    unit: "ms",
    floor: "2^20 hashes",
    floorFigure: 2 ** 20 / rate / 1_000,
  });
}

function startSolver(): Worker {
  const url = new URL("../../lib/pow/solver_worker.ts", import.meta.url);
  const options: WorkerOptions & { deno: { permissions: "none" } } = {
    type: "module",
    deno: { permissions: "none" },
  };
  return new Worker(url, options);
}

async function best<Name extends string>(
  ways: Record<Name, () => Promise<number>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(ways) as Name[];
  const found = Object.fromEntries(names.map((n) => [n, 0]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) {
      found[name] = Math.max(found[name] ?? 0, await ways[name]());
    }
  }
  return found as Record<Name, number>;
}

async function solverRate(search: PowPool["solve"]): Promise<number> {
  const startedAt = performance.now();
  const { hashes } = await search(CHALLENGE, MAX_DIFFICULTY, {
    budgetMs: SPAN_MS,
  });
  return hashes / (performance.now() - startedAt) / 1_000;
}

/** The plain way with hash-wasm: one hasher, each candidate hashed whole. */
async function hashWasmRate(): Promise<() => number> {
  const hasher = await createSHA256();
  return () => plainRate((text) => hasher.init().update(text).digest("binary"));
}

function nodeCryptoRate(): number {
  return plainRate((text) => createHash("sha256").update(text).digest());
}

function plainRate(digest: (text: string) => Uint8Array): number {
  const startedAt = performance.now();
  let hashes = 0;
  let seen = 0;
  while (performance.now() - startedAt < SPAN_MS) {
    for (const end = hashes + 1_000; hashes < end; hashes++) {
      seen += digest(CHALLENGE + hashes)[0] ?? 0;
    }
  }
  // Uses what was computed, so that none of it can be left out.
  if (seen === 0) throw new Error("a thousand digests began with 0");
  return hashes / (performance.now() - startedAt) / 1_000;
}

if (import.meta.main) {
  const rows = await benchPow();
  const text = Deno.args.includes("--json")
    ? JSON.stringify(rows)
    : renderTable(rows);
  await Deno.stdout.write(new TextEncoder().encode(`${text}\n`));
}
