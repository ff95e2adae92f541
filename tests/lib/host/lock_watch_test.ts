import assert from "node:assert/strict";
import { type Lock, takeLock } from "../../../lib/host/lock.ts";
import { LockWatch } from "../../../lib/host/lock_watch.ts";
import type { Failure } from "../../../lib/errors.ts";
import { silentLogger } from "../../../lib/log.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

class FakeLock implements Lock {
  named = true;
  released = false;
  trouble: Error | undefined;

  isNamed(): Promise<boolean> {
    return this.trouble === undefined
      ? Promise.resolve(this.named)
      : Promise.reject(this.trouble);
  }

  release(): void {
    this.released = true;
  }
}

function rig(next: () => Lock | null) {
  const clock = new FakeClock();
  const lock = new FakeLock();
  const lost: Failure[] = [];
  const errors: string[] = [];
  const restores: number[] = [];
  const watch = new LockWatch({
    ...{ lock, clock },
    take: () => Promise.resolve(next()),
    log: { ...silentLogger, error: (event) => void errors.push(event) },
    restore: () => Promise.resolve(void restores.push(clock.monotonic())),
    lost: (failure) => lost.push(failure),
  });
  return { clock, lock, lost, errors, restores, watch };
}

Deno.test("LockWatch: a lock whose file was taken away is taken again, and the old one let go", async () => {
  const again = new FakeLock();
  let takes = 0;
  const { clock, lock, lost, watch } = rig(() => {
    takes++;
    return again;
  });
  await clock.advance(60_000);
  assert.equal(takes, 0, "there is nothing to do");
  lock.named = false;
  await clock.advance(5_000);
  assert.deepEqual([takes, lock.released, again.released], [1, true, false]);
  await clock.advance(60_000);
  assert.deepEqual([takes, lost.length], [1, 0]);
  await watch.stop();
  watch.release();
  assert.equal(again.released, true);
  assert.equal(clock.pending, 0);
});

Deno.test("LockWatch: where another daemon has it by then, that is told, once", async () => {
  const { clock, lock, lost, watch } = rig(() => null);
  lock.named = false;
  await clock.advance(20_000);
  assert.deepEqual(lost, []);
  await clock.advance(40_000);
  assert.deepEqual(lost.map(({ code }) => code), ["DATA_DIR_TAKEN"]);
  await watch.stop();
  watch.release();
  assert.equal(clock.pending, 0);
});

Deno.test("LockWatch: a second start that holds it while it looks around is no other daemon", async () => {
  const again = new FakeLock();
  let takes = 0;
  const { clock, lock, lost, watch } = rig(() => ++takes < 4 ? null : again);
  lock.named = false;
  await clock.advance(60_000);
  assert.deepEqual([lost.length, lock.released, takes], [0, true, 4]);
  await watch.stop();
  watch.release();
});

Deno.test("LockWatch: the other files are looked after at each look, but not while another process has the lock", async () => {
  const { clock, lock, restores, watch } = rig(() => null);
  await clock.advance(10_000);
  assert.equal(restores.length, 2);
  lock.named = false;
  await clock.advance(15_000);
  assert.equal(restores.length, 2);
  await watch.stop();
  watch.release();
});

Deno.test("LockWatch: a lock that has its name again after a refusal is as before", async () => {
  const { clock, lock, restores, lost, watch } = rig(() => null);
  lock.named = false;
  await clock.advance(20_000);
  lock.named = true;
  await clock.advance(10_000);
  assert.equal(restores.length, 2);
  lock.named = false;
  await clock.advance(20_000);
  assert.deepEqual(lost, [], "not five in a row");
  await watch.stop();
  watch.release();
});

Deno.test("LockWatch.stop: waits for a look that is under way, after which no file comes back", async () => {
  const clock = new FakeClock();
  const restored = Promise.withResolvers<void>();
  const lock = new FakeLock();
  const watch = new LockWatch({
    ...{ lock, clock, log: silentLogger },
    take: () => Promise.resolve(null),
    restore: () => restored.promise,
    lost: () => assert.fail("lost"),
  });
  await clock.advance(5_000);
  let isStopped = false;
  const stopped = watch.stop().then(() => isStopped = true);
  await clock.advance(1);
  assert.deepEqual([isStopped, lock.released], [false, false]);
  restored.resolve();
  await stopped;
  watch.release();
  assert.deepEqual([lock.released, clock.pending], [true, 0]);
});

Deno.test("LockWatch: a file that can't be looked at is told once, and looked at again", async () => {
  const { clock, lock, errors, watch } = rig(() => new FakeLock());
  lock.trouble = new Deno.errors.PermissionDenied("no");
  await clock.advance(60_000);
  assert.equal(errors.length, 1);
  lock.trouble = undefined;
  lock.named = false;
  await clock.advance(5_000);
  assert.equal(lock.released, true);
  await watch.stop();
  watch.release();
});

Deno.test("LockWatch: on a real file, a second start is kept away again", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/daemon.lock`;
  const clock = new FakeClock();
  const lock = await takeLock(path);
  assert.ok(lock);
  const made = Promise.withResolvers<void>();
  const watch = new LockWatch({
    ...{ lock, clock, lost: () => assert.fail("lost") },
    log: { ...silentLogger, warn: () => made.resolve() },
    take: () => takeLock(path),
    restore: () => Promise.resolve(),
  });
  await Deno.remove(path);
  await clock.advance(5_000);
  await made.promise;
  assert.equal(await takeLock(path), null);
  await watch.stop();
  watch.release();
  await Deno.remove(folder, { recursive: true });
});
