import assert from "node:assert/strict";
import { silentLogger } from "../../lib/log.ts";
import {
  sandboxed,
  SupervisedWorker,
  type WorkerLike,
} from "../../lib/sandbox.ts";
import { BEAT, STOP } from "../../lib/sandbox_messages.ts";
import { FakeClock } from "../fakes/fake_clock.ts";

class FakeWorker implements WorkerLike {
  onmessage: ((event: MessageEvent) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  onmessageerror: ((event: MessageEvent) => void) | null = null;
  readonly posted: unknown[] = [];
  terminated = false;
  postMessage(message: unknown): void {
    this.posted.push(message);
  }
  terminate(): void {
    this.terminated = true;
  }
  say(data: unknown): void {
    this.onmessage?.(new MessageEvent("message", { data }));
  }
  beat(): void {
    this.say({ type: BEAT });
  }
}

function rig(options: { memory?: { bytes: number; limit: number } } = {}) {
  const clock = new FakeClock();
  const workers: FakeWorker[] = [];
  const reasons: string[] = [];
  const heard: unknown[] = [];
  const { memory } = options;
  const supervised = new SupervisedWorker({
    name: "test",
    start: () => {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker;
    },
    init: () => ({ message: { life: workers.length }, transfer: [] }),
    onMessage: (message) => heard.push(message),
    onRestart: (reason) => reasons.push(reason),
    clock,
    log: silentLogger,
    ...(memory === undefined ? {} : {
      memory: { read: () => memory.bytes, overRestingBytes: memory.limit },
    }),
  });
  supervised.start();
  const last = () => workers.at(-1) as FakeWorker;
  const live = async (seconds: number) => {
    for (let i = 0; i < seconds; i++) {
      last().beat();
      await clock.advance(1000);
    }
  };
  return { clock, workers, reasons, heard, supervised, last, live };
}

Deno.test("SupervisedWorker: a worker that beats is left alone, and its messages are passed on", async () => {
  const { live, workers, heard, last, reasons } = rig();
  last().say({ type: "hello" });
  await live(120);
  assert.deepEqual([workers.length, heard, reasons], [
    1,
    [{ type: "hello" }],
    [],
  ]);
});

Deno.test("SupervisedWorker: one that falls silent is ended and started again with a message of its own", async () => {
  const { clock, workers, reasons, live, last } = rig();
  await live(3);
  await clock.advance(7000);
  assert.equal(workers.length, 2);
  assert.equal(workers[0]?.terminated, true);
  assert.deepEqual(reasons, ["it gave no sign of life"]);
  assert.deepEqual(last().posted, [{ life: 2 }]);
});

Deno.test("SupervisedWorker: one that never speaks gets 15 seconds, not for ever", async () => {
  const { clock, workers, reasons } = rig();
  await clock.advance(15_000);
  assert.equal(workers.length, 1);
  await clock.advance(2000);
  assert.deepEqual([workers.length, reasons], [2, ["it did not start"]]);
});

Deno.test("SupervisedWorker: an error restarts at once the first time, then later each time", async () => {
  const { clock, workers, last, reasons } = rig();
  const crash = () =>
    last().onerror?.(
      new ErrorEvent("error", { message: "boom", cancelable: true }),
    );
  const waits: number[] = [];
  for (let i = 0; i < 9; i++) {
    const before = workers.length;
    crash();
    let waited = 0;
    await clock.advance(0);
    while (workers.length === before) {
      await clock.advance(100);
      waited += 100;
    }
    waits.push(waited);
  }
  assert.deepEqual(waits, [0, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
  assert.equal(reasons[0], "it threw: boom");
});

Deno.test("SupervisedWorker: after a good minute the next failure counts as the first", async () => {
  const { clock, workers, last, live } = rig();
  const crash = () =>
    last().onerror?.(new ErrorEvent("error", { message: "boom" }));
  for (let i = 0; i < 3; i++) {
    crash();
    await clock.advance(500);
  }
  await live(61);
  crash();
  await clock.advance(0);
  assert.equal(workers.length, 5);
});

Deno.test("SupervisedWorker: memory over the resting figure ends the worker, growth below it does not", async () => {
  const memory = { bytes: 100, limit: 50 };
  const { live, reasons } = rig({ memory });
  await live(3);
  memory.bytes = 149;
  await live(3);
  assert.deepEqual(reasons, []);
  memory.bytes = 151;
  await live(1);
  assert.deepEqual(reasons, ["it used too much memory"]);
});

Deno.test("SupervisedWorker.stop: waits for the worker's word, and no longer than it may take", async () => {
  const first = rig();
  first.last().beat();
  const done = first.supervised.stop();
  assert.deepEqual(first.last().posted.at(-1), { type: STOP });
  first.last().say({ type: STOP });
  await done;
  assert.equal(first.last().terminated, true);

  const hung = rig();
  let ended = false;
  const stopping = hung.supervised.stop().then(() => ended = true);
  await hung.clock.advance(1400);
  assert.equal(ended, false);
  await hung.clock.advance(200);
  await stopping;
  await hung.clock.advance(60_000);
  assert.deepEqual([hung.workers.length, hung.last().terminated], [1, true]);
});

Deno.test("SupervisedWorker: what a worker says after its end is not heard", async () => {
  const { clock, workers, heard, last } = rig();
  const old = last();
  const handler = old.onmessage;
  old.onerror?.(new ErrorEvent("error", { message: "boom" }));
  await clock.advance(0);
  handler?.(new MessageEvent("message", { data: "ghost" }));
  assert.deepEqual([workers.length, heard], [2, []]);
});

Deno.test("sandboxed: grants just what it is told, and never run, ffi, sys or import", () => {
  const options = sandboxed("w", {
    net: ["h:1"],
    read: false,
    write: ["/d"],
    env: false,
  });
  assert.deepEqual((options as { deno?: unknown }).deno, {
    permissions: {
      net: ["h:1"],
      read: false,
      write: ["/d"],
      env: false,
      run: false,
      ffi: false,
      sys: false,
      import: false,
    },
  });
});
