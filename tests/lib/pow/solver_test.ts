import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { TAILS } from "../../../lib/pow/proof_text.ts";
import { simdSupported } from "../../../lib/pow/simd_search.ts";
import {
  MAX_DIFFICULTY,
  type PowProgress,
  solve,
  type SolveOptions,
} from "../../../lib/pow/solver.ts";
import { defined } from "../../../lib/defined.ts";

const CHALLENGE = "CJqDaMUqcpkeVkYjbcj9yJZWJQzPz8byAhPm7zRxJdZy";

/** Difficulty that no test ends at. */
const ENDLESS = MAX_DIFFICULTY;

/** Zero bits of SHA-256(challenge + proof), by node:crypto and hexadecimal alone. */
function zeroBits(challenge: string, proof: string): number {
  const hex = createHash("sha256").update(challenge + proof).digest("hex");
  const bits = [...hex].map((c) =>
    parseInt(c, 16).toString(2).padStart(4, "0")
  );
  return `${bits.join("")}1`.indexOf("1");
}

async function assertSolves(
  challenge: string,
  difficulty: number,
  options?: SolveOptions,
): Promise<void> {
  const outcome = await solve(challenge, difficulty, options);
  assert.ok(outcome.ok);
  assert.ok(outcome.hashes > 0);
  assert.ok(zeroBits(challenge, outcome.proof) >= difficulty);
}

/** A challenge of `length` characters, different for each `seed`. */
function challengeOf(length: number, seed: number): string {
  const text = createHash("sha512").update(`${seed}`).digest("base64url");
  return text.repeat(4).slice(0, length);
}

Deno.test("solve: 10,000 challenges of difficulty 8, lengths 1 to 300", async () => {
  for (let i = 0; i < 10_000; i++) {
    await assertSolves(challengeOf(i % 300 + 1, i), 8);
  }
});

Deno.test("solve: 200 challenges of difficulty 16", async () => {
  for (let i = 0; i < 200; i++) {
    await assertSolves(challengeOf(i * 3 % 300 + 1, i), 16);
  }
});

Deno.test("solve: a room's difficulty", async () => {
  await assertSolves(CHALLENGE, 20);
});

Deno.test("solve: any text, empty and beyond ASCII", async () => {
  await assertSolves("", 8);
  const text = fc.string({ unit: "grapheme", maxLength: 100 });
  await fc.assert(
    fc.asyncProperty(text, (challenge) => assertSolves(challenge, 8)),
  );
});

Deno.test("solve: the search without SIMD finds proofs of every length too", async () => {
  for (let length = 0; length <= 300; length++) {
    await assertSolves(challengeOf(length, length), 6, { engine: "plain" });
  }
  await assertSolves(CHALLENGE, 14, { engine: "plain" });
});

Deno.test("solve: finds about as often as chance allows, so no candidate is missed", async () => {
  let hashes = 0;
  for (let i = 0; i < 300; i++) {
    const outcome = await solve(challengeOf(44, i), 14);
    assert.ok(outcome.ok);
    hashes += outcome.hashes;
  }
  // The mean of 300 exponential waits lies within 30 % but once in 10^6 runs; the
  // challenges are always the same, so this passes always or never.
  const ratio = hashes / 300 / 2 ** 14;
  assert.ok(
    ratio > 0.7 && ratio < 1.3,
    `took ${ratio} times the expected work`,
  );
});

/** The number in the last six characters of a proof's lead, which is 55 short of its end. */
function leadOf(proof: string): number {
  const digits = proof.slice(-61, -55);
  const alphabet =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
  return [...digits].reduce((n, c) => n * 64 + alphabet.indexOf(c), 0);
}

async function proofOf(
  challenge: string,
  difficulty: number,
  options: SolveOptions,
): Promise<string> {
  const outcome = await solve(challenge, difficulty, options);
  assert.ok(outcome.ok);
  return outcome.proof;
}

Deno.test("solve: with SIMD and without, the first proof of a lead is the same", async () => {
  assert.ok(simdSupported());
  for (let i = 0; i < 60; i++) {
    const challenge = challengeOf(i * 5 + 1, i);
    const fast = await proofOf(challenge, 14, { engine: "simd" });
    const share = { index: leadOf(fast), of: 2 ** 30 };
    const plain = await proofOf(challenge, 14, { engine: "plain", share });
    assert.equal(fast, plain);
  }
});

Deno.test("solve: goes on past the first table of candidates", async () => {
  const simd = await solve(challengeOf(44, 8), 24);
  assert.ok(simd.ok && simd.hashes > 126 * TAILS);
  assert.ok(zeroBits(challengeOf(44, 8), simd.proof) >= 24);
  const plain = await solve(challengeOf(44, 11), 16, {
    engine: "plain",
  });
  assert.ok(plain.ok && plain.hashes > TAILS);
  assert.ok(zeroBits(challengeOf(44, 11), plain.proof) >= 16);
});

Deno.test("solve: shares are disjoint, and the last of many is one too", async () => {
  for (const engine of ["simd", "plain"] as const) {
    const share = (index: number) => ({ index, of: 3 });
    const leads = [0, 1, 2].map(async (index) =>
      leadOf(await proofOf(CHALLENGE, 8, { engine, share: share(index) }))
    );
    const width = engine === "simd" ? 126 : 1;
    const found = (await Promise.all(leads)).map((l) => Math.floor(l / width));
    assert.deepEqual(found, [0, 1, 2]);
    await assertSolves(CHALLENGE, 8, {
      engine,
      share: { index: 2 ** 29 - 1, of: 2 ** 29 },
    });
  }
});

Deno.test("solve: difficulty 0 takes the first candidate", async () => {
  await assertSolves(CHALLENGE, 0);
  await assertSolves(CHALLENGE, 0, { engine: "plain" });
});

Deno.test("solve: above the hardest difficulty nothing is tried", async () => {
  const outcome = await solve(CHALLENGE, MAX_DIFFICULTY + 1);
  assert.deepEqual(outcome, { ok: false, reason: "too_hard", hashes: 0 });
});

Deno.test("solve: a difficulty that is no whole number from 0 up is a RangeError", async () => {
  for (const difficulty of [-1, 0.5, NaN, Infinity]) {
    await assert.rejects(solve(CHALLENGE, difficulty), RangeError);
  }
});

Deno.test("solve: a signal fired before is obeyed before any work", async () => {
  const outcome = await solve(CHALLENGE, 8, { signal: AbortSignal.abort() });
  assert.deepEqual(outcome, { ok: false, reason: "aborted", hashes: 0 });
});

Deno.test("solve: a signal fired between slices ends it there, with the work counted", async () => {
  const control = new AbortController();
  let slices = 0;
  const outcome = await solve(CHALLENGE, ENDLESS, {
    signal: control.signal,
    onProgress: () => ++slices === 3 && control.abort(),
  });
  assert.equal(slices, 3);
  assert.ok(!outcome.ok && outcome.reason === "aborted");
  assert.ok(outcome.hashes > 0);
});

Deno.test("solve: a flag set in the middle of a slice ends it there", async () => {
  let asked = 0;
  const outcome = await solve(CHALLENGE, ENDLESS, {
    now: () => 0,
    cancelled: () => ++asked > 3,
  });
  assert.ok(!outcome.ok && outcome.reason === "aborted");
  assert.ok(outcome.hashes > 0);
});

Deno.test("solve: sockets of the same thread are served meanwhile", async () => {
  const control = new AbortController();
  const searching = solve(CHALLENGE, ENDLESS, { signal: control.signal });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response("served"),
  );
  const url = `http://127.0.0.1:${server.addr.port}/`;
  assert.equal(await (await fetch(url)).text(), "served");
  control.abort();
  await searching;
  await server.shutdown();
});

Deno.test("solve: events get their turn between slices", async () => {
  const control = new AbortController();
  setTimeout(() => control.abort(), 0);
  const outcome = await solve(CHALLENGE, ENDLESS, { signal: control.signal });
  assert.ok(!outcome.ok && outcome.reason === "aborted");
});

/** A clock that goes on by `tick` ms each time it is read. */
function tickingClock(tick: number): () => number {
  let ms = 1_000;
  return () => ms += tick;
}

/** Times at which the event loop had its turn. */
async function pausesOf(options: SolveOptions): Promise<number[]> {
  let ms = 0;
  const pauses: number[] = [];
  const control = new AbortController();
  await solve(CHALLENGE, ENDLESS, {
    ...options,
    signal: control.signal,
    now: () => ms += 0.25,
    pause: () => {
      pauses.push(ms);
      if (pauses.length === 20) control.abort();
      return Promise.resolve();
    },
  });
  return pauses;
}

Deno.test("solve: never keeps the event loop over 15 ms, whatever the slice asked for", async () => {
  for (const sliceMs of [undefined, 1, 10, 14, 15, 1_000]) {
    const pauses = await pausesOf(defined({ sliceMs }));
    const spans = pauses.slice(1).map((at, i) => at - (pauses[i] ?? 0));
    assert.equal(spans.length, 19);
    for (const span of spans) assert.ok(span < 15, `${sliceMs}: ${span}`);
  }
});

Deno.test("solve: the budget ends it, in the middle of a slice too", async () => {
  let last = 0;
  const clock = tickingClock(0.5);
  const outcome = await solve(CHALLENGE, ENDLESS, {
    budgetMs: 25,
    now: () => last = clock(),
  });
  assert.ok(!outcome.ok && outcome.reason === "budget");
  assert.ok(outcome.hashes > 0);
  assert.ok(last - 1_000 >= 25 && last - 1_000 < 28, `${last}`);
});

Deno.test("solve: progress tells work done, work expected and time", async () => {
  const seen: PowProgress[] = [];
  await solve(CHALLENGE, 32, {
    budgetMs: 100,
    now: tickingClock(1),
    onProgress: (progress) => seen.push(progress),
  });
  assert.ok(seen.length > 3);
  for (const [i, { hashes, expected, elapsedMs }] of seen.entries()) {
    assert.equal(expected, 2 ** 32);
    assert.ok(hashes > (seen[i - 1]?.hashes ?? 0));
    assert.ok(elapsedMs > (seen[i - 1]?.elapsedMs ?? 0));
  }
});
