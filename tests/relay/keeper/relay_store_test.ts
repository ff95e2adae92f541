import assert from "node:assert/strict";
import { silentLogger } from "../../../lib/log.ts";
import { RelayStore } from "../../../relay/keeper/relay_store.ts";
import { FakeClock, settle } from "../../fakes/fake_clock.ts";
import { FakeWorker } from "../../fakes/fake_worker.ts";

/** A store whose workers say what a test makes them say, and the ports that a test gave it. */
function bed() {
  const clock = new FakeClock();
  const workers: FakeWorker[] = [];
  const channels: MessageChannel[] = [];
  const stuck: string[] = [];
  const host = { isFull: false };
  const newPort = () => {
    const channel = new MessageChannel();
    channels.push(channel);
    return channel.port1;
  };
  const store = new RelayStore({
    ...{ database: "/nowhere/relay.db", clock, log: silentLogger },
    options: { retainMs: 1, retainRows: undefined, isView: false },
    rejoin: newPort,
    unusable: () => assert.fail("it is sound"),
    stuck: (error) => void stuck.push(`${error}`),
    failed: () => {},
    worker: () => {
      if (host.isFull) throw new Error("no thread");
      const worker = new FakeWorker();
      workers.push(worker);
      return worker;
    },
  });
  return {
    ...{ clock, workers, store, newPort, stuck, host },
    /** The port that a worker was started with. */
    portOf: (worker: FakeWorker | undefined) =>
      (worker?.posted[0] as { readonly port: MessagePort }).port,
    end: () => {
      for (const { port1, port2 } of channels) {
        port1.close();
        port2.close();
      }
    },
  };
}

Deno.test("RelayStore: sockets that start again while the worker before ends get one worker, for those started last", async () => {
  const { workers, store, newPort, portOf, clock, end } = bed();
  await store.start(newPort());
  const [second, third] = [newPort(), newPort()];
  const starts = [store.start(second)];
  await clock.advance(1);
  starts.push(store.start(third));
  await clock.advance(1);
  assert.equal(workers.length, 1);
  workers[0]?.sayStopped();
  await Promise.all(starts);
  assert.equal(workers.length, 2);
  assert.ok(workers[0]?.isTerminated);
  assert.equal(portOf(workers[1]), third);
  const stopped = store.stop();
  await clock.advance(1);
  workers[1]?.sayStopped();
  await stopped;
  assert.ok(workers[1]?.isTerminated);
  end();
});

Deno.test("RelayStore.stop: waits for a worker that ends already, and none is started after it", async () => {
  const { workers, store, newPort, clock, end } = bed();
  await store.start(newPort());
  const started = store.start(newPort());
  await clock.advance(1);
  let isStopped = false;
  const stopped = store.stop().then(() => isStopped = true);
  await clock.advance(1);
  assert.equal(isStopped, false);
  workers[0]?.sayStopped();
  await Promise.all([started, stopped]);
  await clock.advance(60_000);
  assert.equal(workers.length, 1);
  assert.equal(clock.pending, 0);
  end();
});

Deno.test("RelayStore.start: a worker that can't be started is told, and the next one is", async () => {
  const { workers, store, newPort, stuck, host, end } = bed();
  host.isFull = true;
  await store.start(newPort());
  assert.deepEqual(stuck, ["Error: no thread"]);
  host.isFull = false;
  const stopped = store.start(newPort()).then(() => store.stop());
  while (workers[0] === undefined) await settle();
  workers[0].sayStopped();
  await stopped;
  assert.deepEqual([workers.length, stuck.length], [1, 1]);
  end();
});
