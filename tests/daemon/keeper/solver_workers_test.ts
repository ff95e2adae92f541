import assert from "node:assert/strict";
import { SolverWorkers } from "../../../daemon/keeper/solver_workers.ts";
import { silentLogger } from "../../../lib/log.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { FakeWorker } from "../../fakes/fake_worker.ts";

function rig() {
  const clock = new FakeClock();
  const workers: FakeWorker[] = [];
  const solvers = new SolverWorkers({
    count: 2,
    clock,
    log: silentLogger,
    start: () => {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker;
    },
  });
  const borrow = () => {
    for (const port of solvers.borrow()) port.close();
    for (const worker of workers) {
      for (const each of worker.posted) {
        (each as { port: MessagePort }).port.close();
      }
    }
  };
  return { clock, workers, solvers, borrow };
}

Deno.test("SolverWorkers: starts workers at the first search, and ends them after 30 s without one", async () => {
  const { clock, workers, solvers, borrow } = rig();
  assert.equal(solvers.running, 0);
  borrow();
  borrow();
  assert.equal(workers.length, 2);
  solvers.giveBack();
  await clock.advance(60_000);
  assert.equal(solvers.running, 2);
  solvers.giveBack();
  await clock.advance(29_999);
  assert.equal(solvers.running, 2);
  borrow();
  await clock.advance(60_000);
  assert.equal(workers.length, 2);
  solvers.giveBack();
  await clock.advance(30_000);
  assert.deepEqual([solvers.running, clock.pending], [0, 0]);
  assert.ok(workers.every((worker) => worker.isTerminated));
  borrow();
  assert.equal(workers.length, 4);
  solvers.stop();
});

Deno.test("SolverWorkers: one that fails ends them all, and the next search starts new ones", () => {
  const { workers, solvers, borrow } = rig();
  borrow();
  workers[0]?.fail("boom");
  assert.equal(solvers.running, 0);
  borrow();
  assert.equal(workers.length, 4);
  solvers.stop();
});

Deno.test("SolverWorkers: a borrower that died gives everything back", async () => {
  const { clock, solvers, borrow } = rig();
  borrow();
  borrow();
  solvers.reclaim();
  await clock.advance(30_000);
  assert.equal(solvers.running, 0);
});

Deno.test("SolverWorkers: real workers without permissions find a proof through a port", async () => {
  const solvers = new SolverWorkers({
    count: 2,
    clock: new FakeClock(),
    log: silentLogger,
  });
  const { PowPool } = await import("../../../lib/pow/pool.ts");
  const { checkProof } = await import("../../../lib/protocol/pow.ts");
  const ports = solvers.borrow();
  try {
    const outcome = await new PowPool(ports).solve("challenge", 12);
    assert.ok(outcome.ok);
    const { proof } = outcome;
    assert.ok(checkProof({ challenge: "challenge", proof }, 12));
  } finally {
    for (const port of ports) port.close();
    solvers.stop();
  }
});
