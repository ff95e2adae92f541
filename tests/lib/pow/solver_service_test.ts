import assert from "node:assert/strict";
import type {
  PowCommand,
  PowReport,
} from "../../../lib/pow/search_messages.ts";
import { serveSolver } from "../../../lib/pow/solver_service.ts";
import type { PowOutcome, solve } from "../../../lib/pow/solver.ts";
import { checkProof } from "../../../lib/protocol/pow.ts";
import { FakeChannel } from "../../fakes/pow_channel.ts";

const CHALLENGE = "CJqDaMUqcpkeVkYjbcj9yJZWJQzPz8byAhPm7zRxJdZy";

function command(id: number, more: Partial<PowCommand> = {}): unknown {
  return {
    type: "solve",
    id,
    challenge: CHALLENGE,
    difficulty: 8,
    share: { index: 0, of: 1 },
    ...more,
  };
}

/** A search that the test ends. */
class HeldSearch {
  readonly started: Parameters<typeof solve>[] = [];
  readonly #ends: ((outcome: PowOutcome) => void)[] = [];
  readonly solve: typeof solve = (...args) => {
    this.started.push(args);
    return new Promise((resolve) => this.#ends.push(resolve));
  };
  async end(outcome: PowOutcome): Promise<void> {
    this.#ends.shift()?.(outcome);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

Deno.test("serveSolver: says at once that it began, then the outcome", async () => {
  const channel = new FakeChannel<PowReport>();
  const search = new HeldSearch();
  serveSolver(channel, { solveWith: search.solve });
  channel.say(command(7));
  assert.deepEqual(channel.sent, [{ type: "progress", id: 7, hashes: 0 }]);
  const outcome = { ok: true, proof: "x", hashes: 3 } as const;
  await search.end(outcome);
  assert.deepEqual(channel.sent.at(-1), { type: "done", id: 7, outcome });
});

Deno.test("serveSolver: a cancel fires the signal of that search alone", () => {
  const channel = new FakeChannel<PowReport>();
  const search = new HeldSearch();
  serveSolver(channel, { solveWith: search.solve });
  channel.say(command(1));
  channel.say(command(2));
  channel.say({ type: "cancel", id: 2 });
  channel.say({ type: "cancel", id: 3 });
  const aborted = search.started.map(([, , options]) =>
    options?.signal?.aborted
  );
  assert.deepEqual(aborted, [false, true]);
});

Deno.test("serveSolver: the shared flag calls a search off within a slice", () => {
  const channel = new FakeChannel<PowReport>();
  const search = new HeldSearch();
  serveSolver(channel, { solveWith: search.solve });
  const cancelFlag = new SharedArrayBuffer(4);
  channel.say({ ...Object(command(1)), cancelFlag });
  channel.say(command(2));
  const cancelled = () =>
    search.started.map(([, , options]) => options?.cancelled?.());
  assert.deepEqual(cancelled(), [false, false]);
  Atomics.store(new Int32Array(cancelFlag), 0, 1);
  assert.deepEqual(cancelled(), [true, false]);
});

Deno.test("serveSolver: progress goes out every 100 ms, not every slice", () => {
  const channel = new FakeChannel<PowReport>();
  const search = new HeldSearch();
  serveSolver(channel, { solveWith: search.solve });
  channel.say(command(1));
  const report = search.started[0]?.[2]?.onProgress;
  for (let ms = 2; ms <= 1_000; ms += 2) {
    report?.({ hashes: ms, expected: 256, elapsedMs: ms });
  }
  const hashes = channel.sent.map((r) => r.type === "progress" ? r.hashes : -1);
  assert.deepEqual(
    hashes,
    [0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1_000],
  );
});

Deno.test("serveSolver: a ninth search, or an id in use, is refused as failed", async () => {
  const channel = new FakeChannel<PowReport>();
  const search = new HeldSearch();
  serveSolver(channel, { solveWith: search.solve });
  channel.say(command(1));
  channel.say(command(1));
  assert.deepEqual(channel.sent.at(-1), { type: "failed", id: 1 });
  for (let id = 2; id <= 9; id++) channel.say(command(id));
  assert.equal(search.started.length, 8);
  assert.deepEqual(channel.sent.at(-1), { type: "failed", id: 9 });
  await search.end({ ok: false, reason: "budget", hashes: 0 });
  channel.say(command(10));
  assert.equal(search.started.length, 9);
});

Deno.test("serveSolver: a search that throws is reported as failed", async () => {
  const channel = new FakeChannel<PowReport>();
  const solveWith: typeof solve = () => Promise.reject(new Error("no engine"));
  serveSolver(channel, { solveWith });
  channel.say(command(4));
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(channel.sent.at(-1), { type: "failed", id: 4 });
});

Deno.test("serveSolver: what is no command is ignored", () => {
  const channel = new FakeChannel<PowReport>();
  const search = new HeldSearch();
  serveSolver(channel, { solveWith: search.solve });
  const junk: unknown[] = [
    null,
    "solve",
    {},
    { type: "solve" },
    { type: "port", port: {} },
    { type: "cancel", id: "1" },
    { ...Object(command(1)), challenge: "x".repeat(301) },
    { ...Object(command(1)), difficulty: -1 },
    { ...Object(command(1)), share: { index: 2, of: 2 } },
    { ...Object(command(1)), budgetMs: "1" },
    { ...Object(command(1)), cancelFlag: new SharedArrayBuffer(3) },
    { ...Object(command(1)), cancelFlag: new ArrayBuffer(4) },
  ];
  for (const data of junk) channel.say(data);
  assert.deepEqual(channel.sent, []);
  assert.equal(search.started.length, 0);
});

Deno.test("solver_worker: works with no permission, on a port handed to it, and stops when told", async () => {
  const url = new URL("../../../lib/pow/solver_worker.ts", import.meta.url);
  const options: WorkerOptions & { deno: { permissions: "none" } } = {
    type: "module",
    deno: { permissions: "none" },
  };
  const worker = new Worker(url, options);
  const { port1, port2 } = new MessageChannel();
  worker.postMessage({ type: "port", port: port2 }, [port2]);
  const reports: PowReport[] = [];
  const done = (id: number) =>
    new Promise<PowOutcome>((resolve) => {
      port1.onmessage = ({ data }: MessageEvent<PowReport>) => {
        reports.push(data);
        if (data.type === "done" && data.id === id) resolve(data.outcome);
      };
    });
  port1.postMessage(command(1));
  const found = await done(1);
  assert.ok(found.ok);
  assert.ok(checkProof({ challenge: CHALLENGE, proof: found.proof }, 8));
  port1.postMessage({ ...Object(command(2)), difficulty: 40 });
  port1.postMessage({ type: "cancel", id: 2 });
  const stopped = await done(2);
  assert.ok(!stopped.ok && stopped.reason === "aborted");
  port1.close();
  worker.terminate();
});
