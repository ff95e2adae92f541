import assert from "node:assert/strict";
import { OperationQueue } from "../../../lib/client/operation_queue.ts";
import { Failure } from "../../../lib/errors.ts";
import { settle } from "../../fakes/fake_clock.ts";
import { codeOf, watch } from "../../fakes/client_rig.ts";

Deno.test("OperationQueue: one at a time, in order, also after one that fails", async () => {
  const queue = new OperationQueue();
  const log: string[] = [];
  const task = (name: string) => async () => {
    log.push(`${name} starts`);
    await settle();
    log.push(`${name} ends`);
    if (name === "a") throw new Error("a fails");
  };
  await Promise.allSettled(["a", "b", "c"].map((n) => queue.run(task(n))));
  await queue.run(task("d"));
  assert.deepEqual(
    log.join(),
    [
      ...["a starts", "a ends", "b starts", "b ends"],
      ...["c starts", "c ends", "d starts", "d ends"],
    ].join(),
  );
});

Deno.test("OperationQueue: what is aborted while it waits gives its place up", async () => {
  const queue = new OperationQueue(1);
  const gate = Promise.withResolvers<void>();
  const first = queue.run(() => gate.promise);
  const controller = new AbortController();
  const second = watch(queue.run(() => settle(), controller.signal));
  controller.abort(new Error("enough"));
  let ran = false;
  const third = queue.run(async () => {
    ran = true;
    await settle();
  });
  gate.resolve();
  await Promise.all([first, third]);
  assert.equal((second.error as Error).message, "enough");
  assert.equal(ran, true);
});

Deno.test("OperationQueue: one more than may wait is QUEUE_FULL", async () => {
  const queue = new OperationQueue(1);
  const gate = Promise.withResolvers<void>();
  const runs = [1, 2].map(() => queue.run(() => gate.promise));
  await assert.rejects(queue.run(() => settle()), { code: "QUEUE_FULL" });
  gate.resolve();
  await Promise.all(runs);
});

Deno.test("OperationQueue: closed, it refuses what waits and what comes, and leaves what runs", async () => {
  const queue = new OperationQueue();
  const gate = Promise.withResolvers<string>();
  const running = queue.run(() => gate.promise);
  const waiting = watch(queue.run(() => settle()));
  queue.close(new Failure("NOT_CONNECTED"));
  const late = watch(queue.run(() => settle()));
  await settle();
  assert.equal(codeOf(waiting), "NOT_CONNECTED");
  assert.equal(codeOf(late), "NOT_CONNECTED");
  gate.resolve("done");
  assert.equal(await running, "done");
});
