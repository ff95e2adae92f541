import assert from "node:assert/strict";
import {
  DaemonHolder,
  type HoldEnd,
} from "../../../commands/held_daemon/daemon_holder.ts";
import { Failure } from "../../../lib/errors.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

/** A start that the holder made, and what the test lets become of it. */
interface Start {
  readonly up: () => void;
  readonly end: (end: HoldEnd) => void;
  readonly fail: (failure: Failure) => void;
}

/** A holder beside a lock, and every daemon that it starts. */
function rig({ isHeld = false } = {}) {
  const clock = new FakeClock();
  const gone = new AbortController();
  const starts: Start[] = [];
  const troubles: string[] = [];
  const state = { isHeld, isUnwanted: false, isBroken: false };
  const relay = { connected: Promise.resolve() };
  const holder = new DaemonHolder({
    clock,
    isHeld: () =>
      state.isBroken
        ? Promise.reject(new Deno.errors.NotADirectory("/d"))
        : Promise.resolve(state.isHeld),
    isUnwanted: () => Promise.resolve(state.isUnwanted),
    untilConnected: () => relay.connected,
    hold: (up) =>
      new Promise((resolve, reject) => {
        starts.push({ up, end: resolve, fail: reject });
      }),
    onTrouble: ({ message }) => troubles.push(message),
    signal: gone.signal,
  });
  const running = holder.run();
  return { clock, gone, starts, troubles, state, relay, holder, running };
}

const TROUBLE = new Failure("FILE_TROUBLE", {
  fields: { action: "use", path: "/d", reason: "no" },
});

Deno.test("DaemonHolder: holds one where none runs, and who asks waits until it is up", async () => {
  const { clock, starts, holder } = rig();
  let isReady = false;
  void holder.ready().then(() => isReady = true);
  await clock.advance(0);
  assert.deepEqual([starts.length, isReady], [1, false]);
  starts[0]!.up();
  await clock.advance(0);
  assert.equal(isReady, true);
  await clock.advance(60_000);
  assert.equal(starts.length, 1);
});

Deno.test("DaemonHolder: starts none beside another's, and takes its place when it falls", async () => {
  const { clock, starts, state, holder } = rig({ isHeld: true });
  await holder.ready();
  await clock.advance(60_000);
  assert.equal(starts.length, 0);
  state.isHeld = false;
  await clock.advance(2_000);
  assert.equal(starts.length, 1);
});

Deno.test("DaemonHolder: a tool that is called sees at once that the other has gone", async () => {
  const { clock, starts, state, holder } = rig({ isHeld: true });
  await holder.ready();
  await clock.advance(100);
  state.isHeld = false;
  void holder.ready();
  await clock.advance(0);
  assert.equal(starts.length, 1);
});

Deno.test("DaemonHolder: after a stop none is started; a new holder starts one all the same", async () => {
  const stopped = rig();
  await stopped.clock.advance(0);
  stopped.starts[0]!.up();
  await stopped.clock.advance(0);
  stopped.state.isUnwanted = true;
  stopped.starts[0]!.end("stopped");
  await stopped.clock.advance(60_000);
  await stopped.holder.ready();
  assert.equal(stopped.starts.length, 1);
  const anew = rig();
  anew.state.isUnwanted = true;
  await anew.clock.advance(0);
  assert.equal(anew.starts.length, 1);
});

Deno.test("DaemonHolder: whoever asked for the place is waited for 15 s, and its daemon is then another's", async () => {
  for (const comes of [true, false]) {
    const { clock, starts, state, holder } = rig();
    await clock.advance(0);
    starts[0]!.up();
    await clock.advance(0);
    starts[0]!.end("handed over");
    await clock.advance(0);
    let isReady = false;
    void holder.ready().then(() => isReady = true);
    await clock.advance(14_000);
    assert.deepEqual([starts.length, isReady], [1, false]);
    state.isHeld = comes;
    await clock.advance(2_000);
    assert.deepEqual([starts.length, isReady], comes ? [1, true] : [2, false]);
  }
});

Deno.test("DaemonHolder: why none can start is told to who asks, and tried again 5 s later, not at each call", async () => {
  const { clock, starts, troubles, holder } = rig();
  await clock.advance(0);
  const told = assert.rejects(holder.ready(), TROUBLE);
  starts[0]!.fail(TROUBLE);
  await told;
  for (let n = 0; n < 10; n++) await assert.rejects(holder.ready(), TROUBLE);
  assert.deepEqual([starts.length, troubles], [1, []]);
  await clock.advance(6_000);
  assert.equal(starts.length, 2);
  starts[1]!.up();
  await holder.ready();
});

Deno.test("DaemonHolder: one that was up and could not go on is told, and another started", async () => {
  const { clock, starts, troubles } = rig();
  await clock.advance(0);
  starts[0]!.up();
  await clock.advance(0);
  starts[0]!.fail(TROUBLE);
  await clock.advance(0);
  assert.deepEqual(troubles, [TROUBLE.message]);
  await clock.advance(8_000);
  assert.equal(starts.length, 2);
});

Deno.test("DaemonHolder: ends only when the daemon here has ended", async () => {
  const { clock, gone, starts, running } = rig();
  await clock.advance(0);
  starts[0]!.up();
  let isOver = false;
  void running.then(() => isOver = true);
  gone.abort();
  await clock.advance(5_000);
  assert.equal(isOver, false);
  starts[0]!.end("signal");
  await running;
  assert.equal(starts.length, 1);
});

Deno.test("DaemonHolder: a data dir that can't be looked at is told as a failure, and looked at again", async () => {
  const { clock, starts, state, holder } = rig({ isHeld: true });
  await clock.advance(0);
  state.isBroken = true;
  await assert.rejects(holder.ready(), Failure);
  await clock.advance(10_000);
  Object.assign(state, { isBroken: false, isHeld: false });
  await clock.advance(2_000);
  assert.equal(starts.length, 1);
});

Deno.test("DaemonHolder: who asks waits until the daemon that was just started is connected, and no longer than its process lives", async () => {
  for (const ends of [false, true]) {
    const { clock, gone, starts, relay, holder, running } = rig();
    const connected = Promise.withResolvers<void>();
    relay.connected = connected.promise;
    await clock.advance(0);
    let isReady = false;
    void holder.ready().then(() => isReady = true);
    starts[0]!.up();
    await clock.advance(0);
    assert.equal(isReady, false);
    if (ends) gone.abort();
    else connected.resolve();
    await clock.advance(0);
    assert.equal(isReady, true);
    gone.abort();
    starts[0]!.end("signal");
    await running;
  }
});
