import assert from "node:assert/strict";
import { WorkerSpawner } from "../../../daemon/permissions/worker_spawner.ts";
import { FakeWorker } from "../../fakes/fake_worker.ts";

const NOTHING = { net: false, read: false, write: false, env: false } as const;

function rig() {
  const worker = new FakeWorker();
  const failures: string[] = [];
  const spawner = new WorkerSpawner(worker, (reason) => failures.push(reason));
  return { worker, failures, spawner };
}

Deno.test("WorkerSpawner: each worker's messages are its own, and none come after its end", () => {
  const { worker, spawner } = rig();
  const [first, second] = [spawner.start(NOTHING), spawner.start(NOTHING)];
  const heard: unknown[] = [];
  first.onmessage = ({ data }) => heard.push(["first", data]);
  second.onmessage = ({ data }) => heard.push(["second", data]);
  first.onerror = ({ message }) => heard.push(["failed", message]);
  worker.say({ type: "message", id: 2, message: "b" });
  worker.say({ type: "message", id: 1, message: "a" });
  worker.say({ type: "error", id: 1, reason: "boom" });
  first.terminate();
  worker.say({ type: "message", id: 1, message: "ghost" });
  assert.deepEqual(heard, [["second", "b"], ["first", "a"], [
    "failed",
    "boom",
  ]]);
});

Deno.test("WorkerSpawner: passes on starts, posts and ends by the worker's number", () => {
  const { worker, spawner } = rig();
  const child = spawner.start(NOTHING);
  child.postMessage("x", []);
  child.terminate();
  assert.deepEqual(worker.posted, [
    { type: "start", id: 1, permissions: NOTHING },
    { type: "post", id: 1, message: "x" },
    { type: "terminate", id: 1 },
  ]);
});

Deno.test("WorkerSpawner: its own end is told, and close ends it", () => {
  const { worker, failures, spawner } = rig();
  worker.fail("out of memory");
  assert.deepEqual(failures, ["out of memory"]);
  spawner.close();
  assert.equal(worker.isTerminated, true);
});
