import assert from "node:assert/strict";
import { Failure } from "../../../lib/errors.ts";
import { MEGABYTE, SupervisorRig as Rig } from "../../fakes/supervisor_rig.ts";

Deno.test("SessionSupervisor: starts when the worker listens, and tells the port", async () => {
  const rig = new Rig();
  await rig.listening(4711);
  assert.deepEqual(rig.ports, [4711]);
  const { workerRestarts, workerRestartReason, insist, token } = rig.init;
  assert.deepEqual([workerRestarts, workerRestartReason, insist, token], [
    0,
    undefined,
    false,
    "t",
  ]);
});

Deno.test("SessionSupervisor: a worker that hangs is started again and told why, and insists on its address", async () => {
  const rig = new Rig();
  await rig.listening();
  await rig.live(10);
  await rig.clock.advance(6_000);
  assert.equal(rig.lives.length, 2);
  assert.equal(rig.lives[0]?.isTerminated, true);
  assert.equal(rig.init.workerRestarts, 1);
  assert.equal(rig.init.restartsInARow, 1);
  assert.equal(rig.init.workerRestartReason, "it gave no sign of life");
  assert.equal(rig.init.insist, true);
  assert.deepEqual(rig.solvers, ["reclaim"]);
  rig.last.say({ type: "listening", port: 9900 });
  assert.deepEqual(rig.ports, [9900, 9900]);
});

Deno.test("SessionSupervisor: 100 MB over the resting memory ends the worker, 99 MB does not", async () => {
  const rig = new Rig();
  await rig.listening();
  await rig.live(2);
  rig.bytes = 179 * MEGABYTE;
  await rig.live(5);
  assert.equal(rig.lives.length, 1);
  rig.bytes = 181 * MEGABYTE;
  await rig.live(1);
  await rig.clock.advance(0);
  assert.equal(rig.lives.length, 2);
  assert.equal(rig.init.workerRestartReason, "it used too much memory");
});

Deno.test("SessionSupervisor: a worker that throws again and again is waited for longer, and found again", async () => {
  const rig = new Rig();
  await rig.listening();
  for (let i = 0; i < 6; i++) {
    rig.last.fail("boom");
    await rig.clock.advance(10_000);
    rig.last.beat();
  }
  assert.equal(rig.init.workerRestarts, 6);
  assert.match(rig.init.workerRestartReason ?? "", /boom/);
});

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(() => null, (thrown: unknown) => thrown);
  return error instanceof Failure ? error.code : String(error);
}

Deno.test("SessionSupervisor: what keeps the first start from listening is an error with its code", async () => {
  const taken = new Rig();
  const start = taken.workers.start();
  taken.last.say({ type: "not_listening", reason: "in use", isInUse: true });
  assert.equal(await codeOf(start), "PORT_IN_USE");

  const denied = new Rig();
  const starting = denied.workers.start();
  denied.last.say({ type: "not_listening", reason: "denied", isInUse: false });
  assert.equal(await codeOf(starting), "USAGE");

  const broken = new Rig();
  const failing = broken.workers.start();
  broken.last.fail("no such module");
  assert.equal(await codeOf(failing), "INTERNAL");
});

Deno.test("SessionSupervisor: signs through the signer and answers by id", async () => {
  const rig = new Rig();
  await rig.listening();
  rig.last.say({ type: "sign", id: 1, frame: "good" });
  rig.last.say({ type: "sign", id: 2, frame: "bad" });
  await rig.clock.advance(0);
  assert.deepEqual(rig.last.posted.slice(1), [
    { type: "signed", id: 1, signature: "sig" },
    { type: "not_signed", id: 2, reason: "no frame" },
  ]);
});

Deno.test("SessionSupervisor: a signature for a worker that ended meanwhile is not its successor's", async () => {
  const rig = new Rig();
  await rig.listening();
  rig.last.say({ type: "sign", id: 1, frame: "slow" });
  rig.last.fail("boom");
  await rig.clock.advance(0);
  assert.equal(rig.lives.length, 2);
  rig.slow.resolve({ ok: true, signature: "sig" });
  await rig.clock.advance(0);
  assert.deepEqual(rig.last.posted, [rig.init]);
});

Deno.test("SessionSupervisor: lends solvers, passes on that a stop is wanted, lets a strange message lie", async () => {
  const rig = new Rig();
  await rig.listening();
  rig.last.say({ type: "borrow_solvers", id: 3 });
  assert.deepEqual(rig.last.posted.at(-1), {
    type: "solvers",
    id: 3,
    ports: [],
  });
  rig.last.say({ type: "return_solvers" });
  assert.deepEqual(rig.solvers, ["borrow", "giveBack"]);
  rig.last.say({ type: "stop_wanted" });
  rig.last.say({ type: "handover_wanted" });
  assert.deepEqual(rig.endsWanted, ["stopped", "handed over"]);
  const strange: unknown[] = [
    null,
    "sign",
    [],
    { type: "give_me_the_key" },
    { type: "log" },
    { type: "log", level: "constructor", event: "x", fields: {} },
    { type: "log", level: "info", event: "x", fields: null },
    { type: "sign", id: "1", frame: {} },
    { type: "sign", frame: {} },
    { type: "borrow_solvers", id: {} },
    { type: "listening", port: -1 },
    { type: "listening", port: 70_000 },
  ];
  const before = rig.last.posted.length;
  for (const message of strange) rig.last.say(message);
  assert.deepEqual([rig.last.posted.length, rig.ports], [before, [9900]]);
  assert.equal(rig.lives.length, 1);
});

Deno.test("SessionSupervisor.stop: waits for the worker 1.5 s at most, ends it and the solvers", async () => {
  const rig = new Rig();
  await rig.listening();
  const stopping = rig.workers.stop();
  rig.last.sayStopped();
  await stopping;
  assert.equal(rig.last.isTerminated, true);
  assert.deepEqual(rig.solvers, ["stop"]);

  const hung = new Rig();
  await hung.listening();
  const slow = hung.workers.stop();
  await hung.clock.advance(1_500);
  await slow;
  assert.deepEqual([hung.last.isTerminated, hung.lives.length], [true, 1]);
});

Deno.test("SessionSupervisor: a mailbox that can't be used at the first start is the error of the start, with its way out", async () => {
  const rig = new Rig();
  const started = rig.workers.start();
  const failure = new Failure("FILE_TROUBLE", {
    fields: { action: "open", path: "/d", reason: "newer", fix: "go back" },
  });
  rig.last.say({ type: "not_started", failure: failure.toJson() });
  await assert.rejects(
    started,
    (error) =>
      error instanceof Failure && error.code === "FILE_TROUBLE" &&
      error.fix === "go back",
  );
});

Deno.test("SessionSupervisor: a mailbox that can't be used after a restart is tried again, with the reason told", async () => {
  const rig = new Rig();
  await rig.listening();
  await rig.live(1);
  const failure = new Failure("FILE_TROUBLE", {
    fields: { action: "use", path: "the mailbox", reason: "I/O error" },
  });
  rig.last.say({ type: "not_started", failure: failure.toJson() });
  assert.equal(rig.lives[0]?.isTerminated, true);
  await rig.clock.advance(10);
  assert.equal(rig.lives.length, 2);
  assert.match(rig.init.workerRestartReason ?? "", /I\/O error/);
});

Deno.test("SessionSupervisor: restarts far apart are not in a row", async () => {
  const rig = new Rig();
  await rig.listening();
  for (let n = 1; n <= 3; n++) {
    await rig.live(120);
    await rig.clock.advance(7_000);
    const { workerRestarts, restartsInARow } = rig.init;
    assert.deepEqual([workerRestarts, restartsInARow], [n, 1]);
    rig.last.beat();
    rig.last.say({ type: "listening", port: 9900 });
  }
});
